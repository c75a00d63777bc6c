package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.List;
import org.alcove.weights.ModelFormatException;

/** The steps of a byte-level {@code pre_tokenizer}, as the patterns of a family that GGUF has a name for. */
final class ByteLevelSteps {
    private static final String DIGIT = "\\p{N}";
    private static final String DIGITS = "\\p{N}+";
    /** What GGUF's runtimes take for the library's runs of punctuation. */
    private static final String PUNCTUATION = "[\\p{P}$+<=>^~|`]+";

    private final JsonText root;
    private final List<JsonText> steps = new ArrayList<>();

    ByteLevelSteps(JsonText root) throws ModelFormatException {
        this.root = root;
        collect(root.at("pre_tokenizer"));
    }

    private void collect(JsonText json) throws ModelFormatException {
        if (json.absent()) {
            return;
        }
        if (type(json).equals("Sequence")) {
            for (JsonText step : json.at("pretokenizers").elements()) {
                collect(step);
            }
        } else {
            steps.add(json);
        }
    }

    private static String type(JsonText json) throws ModelFormatException {
        return json.at("type").text("");
    }

    /** Whether bytes are spelled in the byte alphabet. */
    boolean present() throws ModelFormatException {
        for (JsonText step : steps) {
            if (type(step).equals("ByteLevel")) {
                return true;
            }
        }
        return false;
    }

    /**
     * The family.
     *
     * @param wholeWords whether a word that is a token is taken as it is
     * @throws ModelFormatException if GGUF has no name for these steps
     */
    PreTokenizerFamilies.Description family(boolean wholeWords) throws ModelFormatException {
        // NFC is a step of Qwen's files that GGUF leaves out; text that people type is in that form already.
        String normalizer = type(root.at("normalizer"));
        if (!root.at("normalizer").absent() && !normalizer.equals("NFC")) {
            throw root.at("normalizer").problem("is a " + normalizer + ", which GGUF cannot say of a byte-level tokenizer");
        }
        List<String> patterns = new ArrayList<>();
        for (JsonText step : steps) {
            add(step, patterns);
        }
        return new PreTokenizerFamilies().applying(patterns, wholeWords)
                .orElseThrow(() -> root.at("pre_tokenizer").problem("cuts words in a way that GGUF has no name for"));
    }

    private static void add(JsonText step, List<String> patterns) throws ModelFormatException {
        switch (type(step)) {
            case "Split" -> {
                if (!step.at("behavior").text("Isolated").equals("Isolated") || step.at("invert").flag(false)) {
                    throw step.problem("does not isolate its matches, which GGUF cannot say");
                }
                patterns.add(step.at("pattern").at("Regex").text());
            }
            case "Digits" -> patterns.add(step.at("individual_digits").flag(false) ? DIGIT : DIGITS);
            case "Punctuation" -> patterns.add(PUNCTUATION);
            case "ByteLevel" -> {
                if (step.at("add_prefix_space").flag(true)) {
                    throw step.problem("puts a space in front, which GGUF cannot say of a byte-level tokenizer");
                }
                if (step.at("use_regex").flag(true)) {
                    patterns.addAll(new PreTokenizerFamilies().describe("gpt-2").orElseThrow().patterns());
                }
            }
            default -> throw step.problem("is a step that GGUF cannot say of a byte-level tokenizer");
        }
    }
}
