package org.alcove.cluster.wire;

import java.util.Locale;

/** Which protocol a peer speaks, and which version of ours. */
public enum Protocol {
    /** Ours. */
    ALCOVE,
    /** FastChat's. */
    FASTCHAT;

    /** The version of our protocol that is spoken here. */
    public static final int VERSION = 1;

    /** Most models, workers, tickets or ids in one message. */
    public static final int MAX_ELEMENTS = 10_000;

    /** As messages spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Protocol read(Fields fields, String key) {
        String word = fields.text(key);
        for (Protocol protocol : values()) {
            if (protocol.word().equals(word)) {
                return protocol;
            }
        }
        throw fields.wrong(key, "must be \"alcove\" or \"fastchat\"");
    }

    /**
     * Checks which version the peer speaks.
     *
     * @throws WireException if it is not spoken here
     */
    static void checkVersion(Fields fields) {
        int version = fields.count("protocol");
        if (version != VERSION) {
            throw new WireException(WireException.Kind.PROTOCOL, "the other side speaks version " + version
                    + " of the cluster protocol, this side version " + VERSION + "; install the same release on both");
        }
    }
}
