package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.alcove.tokenizer.text.PatternSplit.Behavior;
import org.alcove.weights.ModelFormatException;

/** Reads the {@code pre_tokenizer} of a {@code tokenizer.json}. */
final class JsonPreTokenizers {
    private static final String SUPPORTED = "Sequence, ByteLevel, Split, Metaspace, Digits, Whitespace, WhitespaceSplit, "
            + "Punctuation, CharDelimiterSplit";
    private static final String PUNCTUATION = "[!-/:-@\\[-`{-~\\p{P}]";

    private JsonPreTokenizers() {
    }

    static PreTokenizer read(JsonText json) throws ModelFormatException {
        if (json.absent()) {
            return PreTokenizer.NONE;
        }
        return switch (json.at("type").text()) {
            case "Sequence" -> sequence(json.at("pretokenizers").elements());
            case "ByteLevel" -> byteLevel(json);
            case "Split" -> new PatternSplit(json.at("pattern").pattern(), behavior(json.at("behavior"), "Isolated"),
                    json.at("invert").flag(false));
            case "Metaspace" -> metaspace(json);
            case "Digits" -> split("\\p{N}", json.at("individual_digits").flag(false)
                    ? Behavior.ISOLATED : Behavior.CONTIGUOUS, false);
            case "Whitespace" -> split("\\w+|[^\\w\\s]+", Behavior.REMOVED, true);
            case "WhitespaceSplit" -> split("\\s", Behavior.REMOVED, false);
            case "Punctuation" -> split(PUNCTUATION, behavior(json.at("behavior"), "Isolated"), false);
            case "CharDelimiterSplit" -> split(Pattern.quote(json.at("delimiter").text()), Behavior.REMOVED, false);
            default -> throw json.unsupported(SUPPORTED);
        };
    }

    /** A step that the library does without Oniguruma, so in Java's own words, whose classes are those of Unicode as well. */
    private static PreTokenizer split(String expression, Behavior behavior, boolean invert) {
        return new PatternSplit(Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS), behavior, invert);
    }

    private static PreTokenizer sequence(List<JsonText> steps) throws ModelFormatException {
        List<PreTokenizer> preTokenizers = new ArrayList<>();
        for (JsonText step : steps) {
            preTokenizers.add(read(step));
        }
        return PreTokenizer.sequence(preTokenizers);
    }

    private static PreTokenizer byteLevel(JsonText json) throws ModelFormatException {
        List<PreTokenizer> steps = new ArrayList<>();
        if (json.at("add_prefix_space").flag(true)) {
            steps.add((text, first, words) -> words.accept(text.startsWith(" ") ? text : " " + text));
        }
        if (json.at("use_regex").flag(true)) {
            steps.add(new PreTokenizerFamilies().pattern("gpt-2"));
        }
        steps.add(PreTokenizer.BYTES);
        return PreTokenizer.sequence(steps);
    }

    private static PreTokenizer metaspace(JsonText json) throws ModelFormatException {
        String mark = json.at("replacement").text(TokenBytes.SPACE_MARK);
        String scheme = scheme(json);
        PreTokenizer marked = (text, first, words) -> {
            String spaced = text.replace(" ", mark);
            boolean prefix = !spaced.startsWith(mark) && ("always".equals(scheme) || "first".equals(scheme) && first);
            words.accept(prefix ? mark + spaced : spaced);
        };
        return json.at("split").flag(true)
                ? PreTokenizer.sequence(List.of(marked, split(Pattern.quote(mark), Behavior.MERGED_WITH_NEXT, false)))
                : marked;
    }

    /** When a space goes in front: always, first or never. Older files say add_prefix_space instead. */
    static String scheme(JsonText json) throws ModelFormatException {
        String scheme = json.at("prepend_scheme").text(json.at("add_prefix_space").flag(true) ? "always" : "never");
        if (!List.of("always", "first", "never").contains(scheme)) {
            throw json.at("prepend_scheme").problem("is " + Vocabulary.quote(scheme) + ", expected always, first or never");
        }
        return scheme;
    }

    private static Behavior behavior(JsonText json, String otherwise) throws ModelFormatException {
        String name = json.text(otherwise);
        return switch (name) {
            case "Removed" -> Behavior.REMOVED;
            case "Isolated" -> Behavior.ISOLATED;
            case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
            case "Contiguous" -> Behavior.CONTIGUOUS;
            default -> throw json.problem("is " + Vocabulary.quote(name)
                    + ", expected Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
        };
    }
}
