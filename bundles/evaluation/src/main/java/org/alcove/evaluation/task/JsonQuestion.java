package org.alcove.evaluation.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A question of a line of JSON. Kinds and their fields, tried in this order:
 *
 * <ul>
 * <li>{@code context, choices, answer} and, if wanted, {@code join}: continuations, each joined to the context by a space or by
 * {@code join}; {@code answer} is the index of the right one
 * <li>{@code contexts, continuation, answer}: the same continuation after different contexts, joined likewise
 * <li>{@code goal, sol1, sol2, label}: PIQA
 * <li>{@code activity_label, ctx_a, ctx_b, endings, label}: HellaSwag
 * <li>{@code sentence, option1, option2, answer}: WinoGrande; the options take the place of {@code _}, what follows it is scored
 * <li>{@code text}: LAMBADA; the last word is scored
 * </ul>
 * Indices may be numbers or texts. What the kinds of known sets look like follows lm-evaluation-harness.
 */
record JsonQuestion(Task.Kind kind, List<Continuation> choices, int right) {

    private static final String SPACE = " ";

    /**
     * Reads a question.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static JsonQuestion of(JsonNode line) {
        if (line.has("choices")) {
            return continuations(text(line, "context"), join(line), texts(line, "choices"), index(line, "answer"));
        } else if (line.has("contexts")) {
            String join = join(line);
            String continuation = text(line, "continuation");
            return new JsonQuestion(Task.Kind.CONTEXT, texts(line, "contexts").stream()
                    .map(context -> Continuation.of(context, join, continuation)).toList(), index(line, "answer"))
                    .checked("answer");
        } else if (line.has("goal")) {
            return continuations("Question: " + text(line, "goal") + "\nAnswer:", SPACE,
                    List.of(text(line, "sol1"), text(line, "sol2")), index(line, "label"));
        } else if (line.has("endings")) {
            String context = clean(text(line, "activity_label") + ": " + line.path("ctx_a").asText() + SPACE
                    + capitalized(line.path("ctx_b").asText()));
            return continuations(context, SPACE, texts(line, "endings").stream().map(JsonQuestion::clean).toList(),
                    index(line, "label"));
        } else if (line.has("sentence")) {
            return blank(line);
        } else if (line.has("text")) {
            return lastWord(text(line, "text").strip());
        }
        throw new IllegalArgumentException("its fields are of no known kind; give text, or context, choices and answer, or"
                + " contexts, continuation and answer");
    }

    private static JsonQuestion continuations(String context, String join, List<String> choices, int right) {
        return new JsonQuestion(Task.Kind.CONTINUATION,
                choices.stream().map(choice -> Continuation.of(context, join, choice)).toList(), right).checked("answer");
    }

    private static JsonQuestion blank(JsonNode line) {
        String sentence = text(line, "sentence");
        int place = sentence.indexOf('_');
        String rest = place < 0 ? "" : sentence.substring(place + 1).strip();
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("sentence needs a _ and words after it");
        }
        return new JsonQuestion(Task.Kind.CONTEXT, Stream.of("option1", "option2")
                .map(option -> Continuation.of(sentence.substring(0, place) + text(line, option), SPACE, rest)).toList(),
                index(line, "answer") - 1).checked("answer");
    }

    private static JsonQuestion lastWord(String text) {
        int space = text.lastIndexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("text has no space, so no last word");
        }
        return new JsonQuestion(Task.Kind.LAST_WORD,
                List.of(Continuation.of(text.substring(0, space), SPACE, text.substring(space + 1))), 0);
    }

    private JsonQuestion checked(String field) {
        if (choices.size() < 2) {
            throw new IllegalArgumentException("there are " + choices.size() + " choices; give at least 2");
        }
        if (right < 0 || right >= choices.size()) {
            throw new IllegalArgumentException(field + " names none of the " + choices.size() + " choices");
        }
        return this;
    }

    /** HellaSwag's marks of its source, taken away. */
    private static String clean(String text) {
        return text.strip().replace(" [title]", ". ").replaceAll("\\[.*?\\]", "").replace("  ", SPACE);
    }

    private static String capitalized(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String join(JsonNode line) {
        return line.path("join").asText(SPACE);
    }

    private static String text(JsonNode line, String field) {
        JsonNode value = line.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new IllegalArgumentException(field + " is missing or no text");
        }
        return value.textValue();
    }

    private static List<String> texts(JsonNode line, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : line.path(field)) {
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw new IllegalArgumentException(field + " must be a list of texts that are not empty");
            }
            texts.add(value.textValue());
        }
        return texts;
    }

    private static int index(JsonNode line, String field) {
        JsonNode value = line.path(field);
        if (value.isInt()) {
            return value.intValue();
        }
        try {
            return Integer.parseInt(value.asText().strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + " is missing or no whole number", e);
        }
    }
}
