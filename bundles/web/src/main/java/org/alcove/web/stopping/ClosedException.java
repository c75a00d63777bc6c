package org.alcove.web.stopping;

/** Nothing new is taken here any more; the message says why, and what whoever asks may do. */
public final class ClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedException(String reason) {
        super(reason, null, false, false);
    }
}
