package org.alcove.cluster.wire;

import java.io.IOException;

/** A peer cannot be reached, or was lost. The message says which and how. */
public final class PeerException extends IOException {

    private static final long serialVersionUID = 1L;

    public PeerException(String message) {
        super(message);
    }

    public PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
