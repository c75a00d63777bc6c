package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * Spellings and kinds of all tokens. An id may be a hole (empty spelling): it is never matched and adds nothing to a text.
 */
final class Vocabulary {
    /** More ids than any published model has; keeps a damaged file from claiming memory. */
    static final int MAX_SIZE = 1 << 22;

    private final String[] spellings;
    private final TokenKind[] kinds;
    private final Map<String, Integer> ids;

    private Vocabulary(String[] spellings, TokenKind[] kinds, Map<String, Integer> ids) {
        this.spellings = spellings;
        this.kinds = kinds;
        this.ids = ids;
    }

    /**
     * A vocabulary; takes over both arrays.
     *
     * @param origin what is read, for messages
     * @throws ModelFormatException if it is empty or two ids have one spelling
     */
    static Vocabulary of(String origin, String[] spellings, TokenKind[] kinds) throws ModelFormatException {
        if (spellings.length == 0 || spellings.length > MAX_SIZE) {
            throw new ModelFormatException(origin + ": the vocabulary has " + spellings.length + " tokens, expected 1 to "
                    + MAX_SIZE + "; the file is damaged");
        }
        Map<String, Integer> ids = HashMap.newHashMap(spellings.length);
        for (int id = 0; id < spellings.length; id++) {
            if (!spellings[id].isEmpty()) {
                Integer other = ids.putIfAbsent(spellings[id], id);
                if (other != null) {
                    throw new ModelFormatException(origin + ": tokens " + other + " and " + id + " are spelled alike ("
                            + quote(spellings[id]) + "); convert the model again");
                }
            }
        }
        return new Vocabulary(spellings, kinds, ids);
    }

    /** The same with an id for each row of a model's embedding, as a sampler may choose any; what is added are holes. */
    Vocabulary covering(ModelFile model) {
        int rows = Math.min(MAX_SIZE, model.embeddingRows().orElse(0));
        if (rows <= spellings.length) {
            return this;
        }
        String[] allSpellings = Arrays.copyOf(spellings, rows);
        TokenKind[] allKinds = Arrays.copyOf(kinds, rows);
        Arrays.fill(allSpellings, spellings.length, rows, "");
        Arrays.fill(allKinds, spellings.length, rows, TokenKind.UNUSED);
        return new Vocabulary(allSpellings, allKinds, ids);
    }

    int size() {
        return spellings.length;
    }

    String spelling(int id) {
        return spellings[check(id)];
    }

    TokenKind kind(int id) {
        return kinds[check(id)];
    }

    OptionalInt id(String spelling) {
        Integer id = ids.get(spelling);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Id by spelling, or -1. */
    int find(String spelling) {
        return ids.getOrDefault(spelling, -1);
    }

    /** Ids of the byte tokens {@code <0x00>} to {@code <0xFF>}, -1 where one is missing. */
    int[] byteIds() {
        int[] bytes = new int[256];
        for (int value = 0; value < 256; value++) {
            bytes[value] = find(String.format("<0x%02X>", value));
        }
        return bytes;
    }

    List<String> controlTokens() {
        List<String> found = new ArrayList<>();
        for (int id = 0; id < spellings.length; id++) {
            if (kinds[id].control() && !spellings[id].isEmpty()) {
                found.add(spellings[id]);
            }
        }
        return List.copyOf(found);
    }

    private int check(int id) {
        if (id < 0 || id >= spellings.length) {
            throw new IllegalArgumentException("token id " + id + " is out of range: the vocabulary has ids 0 to "
                    + (spellings.length - 1));
        }
        return id;
    }

    /** A spelling for a message: cut short, control characters made visible. */
    static String quote(String spelling) {
        String cut = spelling.length() > 40 ? spelling.substring(0, 40) + "\u2026" : spelling;
        return '\'' + cut.replaceAll("\\p{Cntrl}", "?") + '\'';
    }
}
