package org.alcove.cluster.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.cluster.wire.FastChatTemplate;

/**
 * What a model of FastChat may take for control tokens. Its prompts are one text, in which its tokenizer recognises control
 * tokens wherever they stand, so a message must not spell one. Such spellings are not refused (people do talk about
 * {@code </s>}) but broken up by a space behind their first character: {@code < /s>}. Spellings are: what stands in angle or
 * square brackets in the template's separators, role labels, stop strings, system text and seed turns; what stands between
 * {@code <|} and {@code |>} anywhere, which is how most models spell theirs; and the few that models share. Role labels in plain
 * words ({@code USER}) are no tokens and stay: a message that imitates them can do so with any worker.
 */
final class ControlSpellings {

    private static final Pattern BRACKETED = Pattern.compile("<[^\\s<>]{1,64}>|\\[/?[A-Z][A-Z_]{0,63}\\]");
    private static final List<String> SHARED = List.of("<s>", "</s>", "<unk>", "<pad>", "<bos>", "<eos>", "[INST]", "[/INST]",
            "<<SYS>>", "<</SYS>>", "<start_of_turn>", "<end_of_turn>", "<|begin_of_text|>");
    private static final String BARRED = "<[|\uff5c][^\\s<>]{0,64}?[|\uff5c]>";

    private final Pattern pattern;

    private ControlSpellings(Pattern pattern) {
        this.pattern = pattern;
    }

    static ControlSpellings of(FastChatTemplate template) {
        Stream<String> texts = Stream.of(List.of(template.systemTemplate(), template.systemMessage(), template.user(),
                        template.assistant(), template.sep(), template.sep2()), template.stops(),
                template.seed().stream().map(FastChatTemplate.Turn::text).toList()).flatMap(List::stream);
        Set<String> found = new TreeSet<>(SHARED);
        texts.forEach(text -> {
            Matcher matcher = BRACKETED.matcher(text);
            while (matcher.find()) {
                found.add(matcher.group());
            }
        });
        List<String> longestFirst = new ArrayList<>(found);
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        return new ControlSpellings(Pattern.compile(
                BARRED + "|" + longestFirst.stream().map(Pattern::quote).collect(Collectors.joining("|"))));
    }

    /** The text without any of the spellings. A text that has none comes back as it is. */
    String broken(String text) {
        String now = text;
        for (Matcher matcher = pattern.matcher(now); matcher.find(); matcher = pattern.matcher(now)) {
            // Again until none is found: breaking one up may leave another that overlapped with it.
            now = matcher.replaceAll(
                    found -> Matcher.quoteReplacement(found.group().charAt(0) + " " + found.group().substring(1)));
        }
        return now;
    }
}
