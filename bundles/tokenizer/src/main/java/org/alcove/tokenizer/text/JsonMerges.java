package org.alcove.tokenizer.text;

import java.util.List;
import org.alcove.weights.ModelFormatException;

/** Reads the merges and the rules for unknown characters of a {@code tokenizer.json} with a BPE model. */
final class JsonMerges {
    private final JsonText json;
    private final Vocabulary vocabulary;

    JsonMerges(JsonText json, Vocabulary vocabulary) {
        this.json = json;
        this.vocabulary = vocabulary;
    }

    BytePairModel model() throws ModelFormatException {
        refuse("continuing_subword_prefix");
        refuse("end_of_word_suffix");
        if (json.at("merges").absent()) {
            throw json.at("merges").problem("is missing");
        }
        List<JsonText> merges = json.at("merges").elements();
        BytePairModel.Builder words = new BytePairModel.Builder(vocabulary, merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            add(merges.get(rank), rank, words);
        }
        boolean bytes = json.at("byte_fallback").flag(false);
        String unknown = json.at("unk_token").text("");
        int unknownId = unknown.isEmpty() ? -1 : vocabulary.id(unknown).orElseThrow(
                () -> new ModelFormatException(json.file() + ": model.unk_token is " + Vocabulary.quote(unknown)
                        + ", which is no token; fetch the file again"));
        // Content must never yield a control id, so an end token that doubles as the unknown one is left out.
        boolean usable = unknownId >= 0 && vocabulary.kind(unknownId) == TokenKind.UNKNOWN;
        return words.build(new BytePairModel.Rules(json.at("ignore_merges").flag(false),
                bytes ? vocabulary.byteIds() : new int[0], usable ? unknownId : -1, json.at("fuse_unk").flag(false)));
    }

    private void add(JsonText merge, int rank, BytePairModel.Builder words) throws ModelFormatException {
        String left;
        String right;
        if (merge.node().isArray() && merge.node().size() == 2) {
            left = merge.elements().get(0).text();
            right = merge.elements().get(1).text();
        } else {
            String line = merge.text();
            int space = line.indexOf(' ');
            if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
                throw merge.problem("is " + Vocabulary.quote(line) + ", expected two parts with a space between");
            }
            left = line.substring(0, space);
            right = line.substring(space + 1);
        }
        for (String part : List.of(left, right, left + right)) {
            if (vocabulary.find(part) < 0) {
                throw merge.problem("needs the token " + Vocabulary.quote(part) + ", which model.vocab lacks");
            }
        }
        if (vocabulary.kind(vocabulary.find(left + right)).mergeable()) {
            words.merge(words.require(left), words.require(right), rank, vocabulary.find(left + right));
        }
    }

    private void refuse(String key) throws ModelFormatException {
        if (!json.at(key).text("").isEmpty()) {
            throw json.at(key).problem("is " + Vocabulary.quote(json.at(key).text()) + ", which is not supported");
        }
    }
}
