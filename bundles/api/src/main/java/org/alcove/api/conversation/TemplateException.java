package org.alcove.api.conversation;

/** A conversation could not be rendered. The message is for the person who sent it and says what to change. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Cause {
        /** The conversation does not fit the format, for example two user turns in a row. */
        CONVERSATION,
        /** The template is wrong, or takes too long, too much memory or too deep a recursion. */
        TEMPLATE
    }

    private final Cause fault;

    public TemplateException(Cause fault, String message) {
        super(message);
        this.fault = fault;
    }

    public TemplateException(Cause fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** Whose fault it is. */
    public Cause fault() {
        return fault;
    }
}
