package org.alcove.testkit.conversation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;

/** Finds control tokens in a prompt as a tokenizer does: in control pieces only, the longest spelling at each place. */
public final class ControlTokens {

    /** Control tokens of many model families. */
    public static final List<String> COMMON = List.of("<s>", "</s>", "<unk>", "<pad>", "<bos>", "<eos>", "<|im_start|>",
            "<|im_end|>", "<|im_sep|>", "<|endoftext|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>",
            "<|eot_id|>", "<|eom_id|>", "<|python_tag|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|observation|>",
            "[gMASK]", "<sop>", "sop", "<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>",
            "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>",
            "<reserved_102>", "<reserved_103>", "<reserved_106>", "<reserved_107>", "<|prompter|>", "<|SYSTEM|>", "<|USER|>",
            "<|ASSISTANT|>", "<|EOT|>", "<eoh>", "<eoa>", "<|User|>", "<|Bot|>", "<|end_of_turn|>", "<|START_OF_TURN_TOKEN|>",
            "<|END_OF_TURN_TOKEN|>", "<|SYSTEM_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|start_of_role|>",
            "<|end_of_role|>", "<|end_of_text|>", "[|system|]", "[|user|]", "[|assistant|]", "[|endofturn|]", "<用户>", "<AI>",
            "<|role_start|>", "<|role_end|>", "<|turn_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<sep>");

    private ControlTokens() { }

    /** The control tokens of a prompt in order. */
    public static List<String> in(Prompt prompt, List<String> spellings) {
        List<String> longestFirst = spellings.stream().filter(token -> !token.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed()).toList();
        List<String> found = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (PromptPiece piece : prompt.pieces()) {
            if (piece.kind() == PromptPiece.Kind.CONTROL) {
                run.append(piece.text());
            } else if (!piece.text().isEmpty()) {
                collect(run.toString(), longestFirst, found);
                run.setLength(0);
            }
        }
        collect(run.toString(), longestFirst, found);
        return found;
    }

    private static void collect(String text, List<String> longestFirst, List<String> found) {
        Set<Character> starts = longestFirst.stream().map(token -> token.charAt(0)).collect(Collectors.toSet());
        int at = 0;
        while (at < text.length()) {
            int from = at;
            String token = !starts.contains(text.charAt(at)) ? null
                    : longestFirst.stream().filter(spelling -> text.startsWith(spelling, from)).findFirst().orElse(null);
            if (token != null) {
                found.add(token);
            }
            at += token == null ? 1 : token.length();
        }
    }
}
