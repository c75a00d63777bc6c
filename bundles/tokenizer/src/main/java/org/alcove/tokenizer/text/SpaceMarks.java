package org.alcove.tokenizer.text;

import java.util.List;
import org.alcove.weights.ModelFormatException;

/** Tells from the steps of a {@code tokenizer.json} with SentencePiece's marks whether a space goes in front of a text. */
final class SpaceMarks {

    private SpaceMarks() {
    }

    /**
     * Whether a space goes in front.
     *
     * @throws ModelFormatException if there is a step that SentencePiece does not have
     */
    static boolean prefix(JsonText root) throws ModelFormatException {
        boolean prefix = false;
        boolean marked = false;
        for (JsonText step : steps(root.at("normalizer"), "normalizers")) {
            switch (step.at("type").text("")) {
                case "Prepend" -> prefix |= marksOnly(step, step.at("prepend").text(""));
                case "Replace" -> {
                    boolean space = " ".equals(step.at("pattern").at("String").text(""));
                    marked |= space && marksOnly(step, step.at("content").text(""));
                    if (!space) {
                        throw unsaid(step);
                    }
                }
                default -> throw unsaid(step);
            }
        }
        for (JsonText step : steps(root.at("pre_tokenizer"), "pretokenizers")) {
            if (!step.at("type").text("").equals("Metaspace") || step.at("split").flag(true)) {
                throw unsaid(step);
            }
            marked = true;
            prefix |= !JsonPreTokenizers.scheme(step).equals("never");
        }
        if (!marked) {
            throw root.at("normalizer").problem("does not mark spaces as SentencePiece does, the kind GGUF knows");
        }
        return prefix;
    }

    private static boolean marksOnly(JsonText step, String mark) throws ModelFormatException {
        if (!mark.equals(TokenBytes.SPACE_MARK)) {
            throw unsaid(step);
        }
        return true;
    }

    private static List<JsonText> steps(JsonText json, String members) throws ModelFormatException {
        if (json.absent()) {
            return List.of();
        }
        return json.at("type").text("").equals("Sequence") ? json.at(members).elements() : List.of(json);
    }

    private static ModelFormatException unsaid(JsonText step) {
        return step.problem("is a step that GGUF cannot say of a SentencePiece tokenizer");
    }
}
