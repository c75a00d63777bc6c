package org.alcove.sealing;

/** Something sealed cannot be opened. The message holds nothing of what was sealed. */
public final class SealingException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong. */
    public enum Kind {
        /** It was sealed to somebody else; whoever has the key can open it. */
        OTHER_KEY,
        /** It is not what was sealed: changed, cut off, out of order, or made for another purpose. */
        DAMAGED,
        /** It was sealed too long ago, or by a clock that is wrong. */
        STALE,
        /** It was opened before. */
        REPLAYED
    }

    /** @param message what is wrong and what to do next */
    public SealingException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** @param message what is wrong and what to do next */
    public SealingException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
