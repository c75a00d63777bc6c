package org.alcove.cluster.wire;

/** What came is not what the protocol says. The message names the place and both values, and quotes no text. */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is wrong, and the HTTP status that says so. */
    public enum Kind {
        /** Not what the protocol says. */
        MALFORMED(400),
        /** More than is read. */
        TOO_LARGE(413),
        /** A version of the protocol that is not spoken here. */
        PROTOCOL(409);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The HTTP status for it. */
        public int status() {
            return status;
        }
    }

    private final Kind kind;

    public WireException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Not what the protocol says. */
    public static WireException malformed(String message) {
        return new WireException(Kind.MALFORMED, message);
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
