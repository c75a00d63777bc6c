package org.alcove.api.conversation;

/**
 * A stretch of a prompt.
 *
 * @param kind whether control tokens are recognised in it
 * @param text the text; never null
 */
public record PromptPiece(Kind kind, String text) {

    /** Where a stretch comes from. */
    public enum Kind {
        /** Written by the template: spellings of control tokens become control ids. */
        CONTROL,
        /** Written by a user, a model or a tool: whatever it spells, it stays text. */
        CONTENT
    }

    /** A piece the template wrote. */
    public static PromptPiece control(String text) {
        return new PromptPiece(Kind.CONTROL, text);
    }

    /** A piece somebody else wrote. */
    public static PromptPiece content(String text) {
        return new PromptPiece(Kind.CONTENT, text);
    }
}
