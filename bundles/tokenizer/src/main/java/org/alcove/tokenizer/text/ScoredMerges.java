package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alcove.weights.ModelFormatException;

/**
 * The merge list that SentencePiece scores stand for, and the scores that a merge list stands for. Every way to part a token into
 * two tokens is a merge; merges into tokens of higher scores come first.
 */
final class ScoredMerges {
    private final Vocabulary vocabulary;
    private final float[] scores;

    ScoredMerges(Vocabulary vocabulary, float[] scores) {
        this.vocabulary = vocabulary;
        this.scores = scores;
    }

    private record Merge(String left, String right, float score, int leftId, int rightId) {
    }

    /** Merges, first ones first; of one score, by the ids of their parts. */
    List<String[]> inOrder() throws ModelFormatException {
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id).mergeable()) {
                float score = scores[id];
                splits(vocabulary, vocabulary.spelling(id), (left, right) -> merges.add(new Merge(vocabulary.spelling(left),
                        vocabulary.spelling(right), score, left, right)));
            }
        }
        merges.sort(Comparator.comparing(Merge::score).reversed().thenComparing(Merge::leftId).thenComparing(Merge::rightId));
        List<String[]> pairs = new ArrayList<>();
        merges.forEach(merge -> pairs.add(new String[] {merge.left, merge.right}));
        return pairs;
    }

    /** Receives the parts of a token. */
    private interface Parts {
        void accept(int left, int right) throws ModelFormatException;
    }

    private static void splits(Vocabulary vocabulary, String token, Parts parts) throws ModelFormatException {
        for (int at = token.offsetByCodePoints(0, token.isEmpty() ? 0 : 1); at < token.length(); ) {
            int left = vocabulary.find(token.substring(0, at));
            int right = left < 0 ? -1 : vocabulary.find(token.substring(at));
            if (right >= 0 && vocabulary.kind(left).mergeable() && vocabulary.kind(right).mergeable()) {
                parts.accept(left, right);
            }
            at = token.offsetByCodePoints(at, 1);
        }
    }

    /**
     * Scores that order the merges as a list does: the tokens that merges make first get 0, the next −1, and so on; tokens that
     * no merge makes come last. Merges into several tokens that stand among each other come from equal scores.
     *
     * @param merges parts of each, first ones first; all are tokens
     * @throws ModelFormatException if the list lacks a merge, as lists do that were not made from scores
     */
    static float[] scores(String origin, Vocabulary vocabulary, List<String[]> merges) throws ModelFormatException {
        Set<String> listed = new HashSet<>();
        int[] last = new int[vocabulary.size()];
        Arrays.fill(last, -1);
        for (int rank = 0; rank < merges.size(); rank++) {
            listed.add(String.join("\n", merges.get(rank)));
            last[result(vocabulary, merges.get(rank))] = rank;
        }
        float[] scores = new float[last.length];
        int place = -1;
        int end = -1;
        for (int rank = 0; rank < merges.size(); rank++) {
            int id = result(vocabulary, merges.get(rank));
            place += rank > end ? 1 : 0;
            end = Math.max(end, last[id]);
            scores[id] = -place;
        }
        for (int id = 0; id < scores.length; id++) {
            if (last[id] < 0) {
                scores[id] = -place - 1;
            }
            if (vocabulary.kind(id) == TokenKind.NORMAL) {
                splits(vocabulary, vocabulary.spelling(id), (left, right) -> {
                    if (!listed.contains(vocabulary.spelling(left) + "\n" + vocabulary.spelling(right))) {
                        throw unscored(origin, vocabulary.spelling(left), vocabulary.spelling(right));
                    }
                });
            }
        }
        return scores;
    }

    private static int result(Vocabulary vocabulary, String[] merge) {
        return vocabulary.find(merge[0] + merge[1]);
    }

    private static ModelFormatException unscored(String origin, String left, String right) {
        return new ModelFormatException(origin + ": its merges do not come from scores, which is what GGUF keeps of such a"
                + " tokenizer: the list lacks the merge of " + Vocabulary.quote(left) + " and " + Vocabulary.quote(right)
                + "; quantize into a folder instead");
    }
}
