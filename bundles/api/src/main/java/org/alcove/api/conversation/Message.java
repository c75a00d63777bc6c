package org.alcove.api.conversation;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what was said; never null, may be empty
 */
public record Message(Role role, String content) {

    /** Who speaks. */
    public enum Role { SYSTEM, USER, ASSISTANT, TOOL;

        /** The role as model templates and the REST APIs spell it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
