package org.alcove.tokenizer.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.alcove.weights.ModelFormatException;

/**
 * Makes merge rules out of scores. SentencePiece BPE joins two neighbours when together they are a token, the highest score
 * first; so every way to part a token into two symbols is a rule, and equal scores are equal ranks.
 */
final class ScoredPairs {
    /** Longest token that text can merge into, in UTF-16 units; published ones stay under 100. */
    private static final int LONGEST = 512;

    private final String origin;
    private final Vocabulary vocabulary;
    private final float[] scores;

    /** @param scores one per token, higher is earlier */
    ScoredPairs(String origin, Vocabulary vocabulary, float[] scores) {
        this.origin = origin;
        this.vocabulary = vocabulary;
        this.scores = scores;
    }

    /** @param unknown id for characters that have no token and no byte tokens; -1 for none */
    BytePairModel model(int unknown) throws ModelFormatException {
        int[] bytes = vocabulary.byteIds();
        if (unknown < 0 && Arrays.stream(bytes).anyMatch(id -> id < 0)) {
            throw new ModelFormatException(origin + ": the vocabulary has neither an unknown token nor all byte tokens <0x00> to "
                    + "<0xFF>; convert the model again");
        }
        int[] ranks = ranks();
        BytePairModel.Builder words = new BytePairModel.Builder(vocabulary, vocabulary.size() * 4);
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id).mergeable()) {
                addCharacters(vocabulary.spelling(id), words);
            }
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id).mergeable()) {
                addSplits(id, ranks[id], words);
            }
        }
        return words.build(new BytePairModel.Rules(false, bytes, unknown, true));
    }

    private void addCharacters(String token, BytePairModel.Builder words) throws ModelFormatException {
        if (token.length() > LONGEST) {
            throw new ModelFormatException(origin + ": token " + Vocabulary.quote(token) + " has " + token.length()
                    + " characters, at most " + LONGEST + " are supported; the file is damaged");
        }
        token.codePoints().forEach(c -> words.require(Character.toString(c)));
    }

    private void addSplits(int id, int rank, BytePairModel.Builder words) {
        String token = vocabulary.spelling(id);
        for (int at = token.offsetByCodePoints(0, token.isEmpty() ? 0 : 1); at < token.length(); ) {
            int left = words.find(token.substring(0, at));
            int right = left < 0 ? -1 : words.find(token.substring(at));
            if (right >= 0) {
                words.merge(left, right, rank, id);
            }
            at = token.offsetByCodePoints(at, 1);
        }
    }

    /** Places in the order of scores, descending; equal scores share a place. */
    private int[] ranks() throws ModelFormatException {
        float[] sorted = new float[scores.length];
        for (int id = 0; id < scores.length; id++) {
            if (!Float.isFinite(scores[id])) {
                throw new ModelFormatException(origin + ": the score of token " + id + " is " + scores[id]
                        + ", expected a finite number; convert the model again");
            }
            // Adding zero turns -0 into 0, which orders like it.
            sorted[id] = scores[id] + 0f;
        }
        Arrays.sort(sorted);
        Map<Float, Integer> places = new HashMap<>();
        int place = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            if (places.putIfAbsent(sorted[i], place) == null) {
                place++;
            }
        }
        int[] ranks = new int[scores.length];
        for (int id = 0; id < ranks.length; id++) {
            ranks[id] = places.get(scores[id] + 0f);
        }
        return ranks;
    }
}
