package org.alcove.cluster.remote;

import org.alcove.cluster.wire.FastChatTemplate;

/**
 * How a template of FastChat surrounds the turns of a conversation: what stands before the first, before each and after each.
 * Turns are numbered from 0, seed turns included; even ones are the user's where user and assistant take turns.
 */
record FastChatTurns(FastChatTemplate template) {

    /** Before everything: the system text in its place. {@code said} is whether there is one. */
    String start(String system, boolean said) {
        String sep = template.sep();
        return switch (template.style()) {
            case ADD_COLON_SINGLE, ADD_COLON_TWO, ADD_COLON_SPACE_SINGLE, ROBIN, CLLM -> system + sep;
            case NO_COLON_SINGLE, NO_COLON_TWO, RWKV, CHATINTERN, DOLLY, PHOENIX, DEEPSEEK_CHAT -> system;
            case ADD_NEW_LINE_SINGLE, CHATGLM, METAMATH -> system.isEmpty() ? "" : system + sep;
            case LLAMA2 -> said ? system : "[INST] ";
            case LLAMA3 -> "<|begin_of_text|>" + (said ? system : "");
            case CHATGLM3 -> said ? system : "";
            case CHATML -> system.isEmpty() ? "" : system + sep + "\n";
            case FALCON_CHAT -> said ? system + sep : "";
            case YUAN2 -> said ? system + template.sep2() : "";
            case GEMMA -> "<bos>";
            case DEFAULT -> system + "\n";
        };
    }

    /** Before a turn with a text. */
    String before(int turn, String role) {
        return switch (template.style()) {
            case ADD_COLON_SINGLE, ADD_COLON_TWO, ADD_COLON_SPACE_SINGLE, RWKV, FALCON_CHAT, DEEPSEEK_CHAT, CLLM, DEFAULT ->
                    role + ": ";
            case LLAMA2 -> turn == 0 ? "" : label(turn) + " ";
            case CHATGLM3 -> role + "\n";
            default -> open(turn, role);
        };
    }

    /** Before the turn that is to be written. */
    String open(int turn, String role) {
        boolean user = turn % 2 == 0;
        return switch (template.style()) {
            case ADD_COLON_SINGLE, ADD_COLON_TWO, RWKV, FALCON_CHAT, DEEPSEEK_CHAT, CLLM, DEFAULT -> role + ":";
            case ADD_COLON_SPACE_SINGLE -> role + ": ";
            case NO_COLON_SINGLE, NO_COLON_TWO, CHATGLM3 -> role;
            case ADD_NEW_LINE_SINGLE, CHATML -> role + "\n";
            case LLAMA2 -> label(turn);
            case LLAMA3 -> "<|start_header_id|>" + role + "<|end_header_id|>\n\n";
            case CHATGLM -> (user ? "[Round " + (turn / 2 + firstRound()) + "]" + template.sep() : "") + role + "\uff1a";
            case CHATINTERN -> (user ? "<s>" : "") + role + ":";
            case DOLLY, ROBIN -> role + ":\n";
            case PHOENIX -> role + ": <s>";
            case METAMATH -> role + (user ? ":\n" : ": " + template.sep2());
            case YUAN2 -> "";
            case GEMMA -> "<start_of_turn>" + role + "\n";
        };
    }

    /** After a turn with a text. */
    String after(int turn) {
        boolean user = turn % 2 == 0;
        String sep = template.sep();
        String sepOfTurn = user ? sep : template.sep2();
        return switch (template.style()) {
            case ADD_COLON_SINGLE, ADD_COLON_SPACE_SINGLE, NO_COLON_SINGLE, ADD_NEW_LINE_SINGLE, CHATGLM, ROBIN, FALCON_CHAT,
                    GEMMA ->
                    sep;
            case ADD_COLON_TWO, NO_COLON_TWO, DEEPSEEK_CHAT, CLLM -> sepOfTurn;
            case RWKV -> "\n\n";
            case LLAMA2 -> turn == 0 ? " " : sepOfTurn;
            case LLAMA3 -> "<|eot_id|>";
            case CHATGLM3 -> "";
            case CHATML -> sep + "\n";
            case CHATINTERN -> sepOfTurn + "\n";
            case DOLLY -> sepOfTurn + (user ? "" : "\n\n");
            case PHOENIX -> "</s>";
            case METAMATH -> user ? sep : "";
            case YUAN2 -> "<n>";
            case DEFAULT -> "\n";
        };
    }

    private String label(int turn) {
        return turn % 2 == 0 ? template.user() : template.assistant();
    }

    private int firstRound() {
        return template.name().equals("chatglm2") ? 1 : 0;
    }
}
