package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alcove.weights.ModelFormatException;

/** Collects the tokens of a {@code tokenizer.json}: the model's, and the added ones on top. */
final class JsonVocabulary {

    /** An added token, and whether it is looked for after normalization. */
    record AddedToken(AddedTokens.Added token, boolean normalized) {
    }

    private final JsonText root;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, TokenKind> kinds = new HashMap<>();
    private final List<AddedToken> added = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private JsonVocabulary(JsonText root) {
        this.root = root;
    }

    /**
     * @param root the tokenizer.json
     * @param config the tokenizer_config.json, whose {@code added_tokens_decoder} may know more
     */
    static JsonVocabulary read(JsonText root, JsonText config) throws ModelFormatException {
        JsonVocabulary read = new JsonVocabulary(root);
        read.readModel(root.at("model"));
        for (JsonText token : root.at("added_tokens").elements()) {
            read.readAdded(token, token.at("id").id());
        }
        JsonText more = config.at("added_tokens_decoder");
        for (var names = more.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.matches("[0-9]{1,9}")) {
                throw more.at(name).problem("is no token id");
            }
            read.readAdded(more.at(name), Integer.parseInt(name));
        }
        return read;
    }

    Vocabulary vocabulary() throws ModelFormatException {
        int size = 0;
        for (int id : ids.values()) {
            size = Math.max(size, id + 1);
        }
        // A few holes are usual; a single huge id is damage that would only claim memory.
        if (size > 4L * ids.size() + 4096) {
            throw root.at("model.vocab").problem("has " + ids.size() + " tokens, but ids up to " + (size - 1));
        }
        String[] spellings = new String[size];
        TokenKind[] types = new TokenKind[size];
        Arrays.fill(spellings, "");
        Arrays.fill(types, TokenKind.UNUSED);
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            int id = entry.getValue();
            if (!spellings[id].isEmpty()) {
                throw root.at("model.vocab").problem("gives the id " + id + " to both " + Vocabulary.quote(spellings[id])
                        + " and " + Vocabulary.quote(entry.getKey()));
            }
            spellings[id] = entry.getKey();
            types[id] = kinds.get(id);
        }
        return Vocabulary.of(root.file().toString(), spellings, types);
    }

    List<AddedToken> added() {
        return added;
    }

    private void readModel(JsonText model) throws ModelFormatException {
        JsonText vocab = model.at("vocab");
        if (!vocab.node().isObject()) {
            throw vocab.problem("is missing or no object");
        }
        boolean bytes = model.at("byte_fallback").flag(false);
        for (var fields = vocab.node().fields(); fields.hasNext(); ) {
            var field = fields.next();
            int id = field.getValue().isInt() && field.getValue().intValue() >= 0
                    && field.getValue().intValue() < Vocabulary.MAX_SIZE
                    ? field.getValue().intValue() : vocab.at(field.getKey()).id();
            if (!field.getKey().isEmpty()) {
                ids.put(field.getKey(), id);
                kinds.put(id, bytes && TokenBytes.byteValue(field.getKey()) >= 0 ? TokenKind.BYTE : TokenKind.NORMAL);
            }
        }
        String spelling = model.at("unk_token").text("");
        Integer unknown = ids.get(spelling);
        // An end token that doubles as the unknown one, as in GPT-2, must not come from anyone's text.
        if (unknown != null && !TokenKind.marker(spelling)) {
            kinds.put(unknown, TokenKind.UNKNOWN);
        }
    }

    private void readAdded(JsonText json, int given) throws ModelFormatException {
        String spelling = json.at("content").text();
        if (spelling.isEmpty() || !seen.add(spelling)) {
            return;
        }
        // The model's own id wins, as in the library that writes these files.
        int id = ids.computeIfAbsent(spelling, text -> given);
        boolean control = json.at("special").flag(false) || TokenKind.controlLike(spelling);
        if (kinds.get(id) != TokenKind.UNKNOWN) {
            kinds.put(id, control ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
        }
        added.add(new AddedToken(new AddedTokens.Added(id, spelling, control || kinds.get(id) == TokenKind.UNKNOWN,
                json.at("lstrip").flag(false), json.at("rstrip").flag(false), json.at("single_word").flag(false)),
                !control && json.at("normalized").flag(true)));
    }
}
