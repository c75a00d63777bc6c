package org.alcove.cluster.wire;

import java.util.Optional;

/**
 * FastChat's ways to put the turns of a conversation together, in the order of its numbers, which begin with 1
 * ({@code fastchat/conversation.py} as of April 2025).
 */
public enum SeparatorStyle {
    ADD_COLON_SINGLE, ADD_COLON_TWO, ADD_COLON_SPACE_SINGLE, NO_COLON_SINGLE, NO_COLON_TWO, ADD_NEW_LINE_SINGLE, LLAMA2, LLAMA3,
    CHATGLM, CHATML, CHATINTERN, DOLLY, RWKV, PHOENIX, ROBIN, FALCON_CHAT, CHATGLM3, DEEPSEEK_CHAT, METAMATH, YUAN2, GEMMA, CLLM,
    DEFAULT;

    /** Its number on the wire. */
    public int number() {
        return ordinal() + 1;
    }

    /** The style of a number. */
    public static Optional<SeparatorStyle> numbered(int number) {
        return number >= 1 && number <= values().length ? Optional.of(values()[number - 1]) : Optional.empty();
    }
}
