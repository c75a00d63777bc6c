package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a word into ids by merging neighbours. Serves both families: byte-level BPE (ranks are line numbers of the merge list)
 * and SentencePiece BPE (ranks are places in the order of scores).
 *
 * <p>Symbols are token ids; beyond the vocabulary come spellings that occur in merges only; negative ones are code points nobody
 * knows. Control tokens are no symbols: no text can merge into one.
 */
final class BytePairModel {
    private static final int DIRECT = 0x400;

    private final int vocabularySize;
    private final Map<String, Integer> symbols;
    private final List<String> extras;
    private final PairTable pairs;
    private final Map<Integer, Integer> characters = new HashMap<>();
    private final int[] direct = new int[DIRECT];
    private final Rules rules;

    /**
     * How words that do not merge into tokens are written.
     *
     * @param wholeWords a word that is a token is taken as it is, whatever the merges say
     * @param bytes ids of byte tokens; empty for none
     * @param unknown id for what cannot be written otherwise; -1 leaves it out
     * @param fuse whether neighbouring unknowns become one
     */
    record Rules(boolean wholeWords, int[] bytes, int unknown, boolean fuse) {
    }

    private BytePairModel(Builder builder, Rules rules) {
        this.vocabularySize = builder.vocabulary.size();
        this.symbols = builder.symbols;
        this.extras = builder.extras;
        this.pairs = builder.pairs;
        this.rules = rules;
        symbols.forEach((text, symbol) -> {
            if (text.codePointCount(0, text.length()) == 1) {
                characters.put(text.codePointAt(0), symbol);
            }
        });
        for (int c = 0; c < DIRECT; c++) {
            direct[c] = characters.getOrDefault(c, -1 - c);
        }
    }

    MergeRun run() {
        return new MergeRun(pairs);
    }

    void encode(String word, MergeRun run, Ids out) {
        if (rules.wholeWords) {
            Integer whole = symbols.get(word);
            if (whole != null && whole < vocabularySize) {
                out.add(whole);
                return;
            }
        }
        run.clear();
        for (int i = 0; i < word.length(); ) {
            int c = word.codePointAt(i);
            i += Character.charCount(c);
            run.add(symbol(c));
        }
        run.merge();
        boolean afterUnknown = false;
        for (int at = run.first(); at >= 0; at = run.after(at)) {
            int symbol = run.symbol(at);
            if (symbol >= 0 && symbol < vocabularySize) {
                out.add(symbol);
                afterUnknown = false;
            } else {
                afterUnknown = spell(symbol, afterUnknown, out);
            }
        }
    }

    /** Whether a character is a symbol. */
    boolean knows(int codePoint) {
        return symbol(codePoint) >= 0;
    }

    private int symbol(int codePoint) {
        return codePoint < DIRECT ? direct[codePoint] : characters.getOrDefault(codePoint, -1 - codePoint);
    }

    private boolean spell(int symbol, boolean afterUnknown, Ids out) {
        if (symbol < 0) {
            return spellCharacter(-1 - symbol, afterUnknown, out);
        }
        boolean unknown = afterUnknown;
        String text = extras.get(symbol - vocabularySize);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int single = symbol(c);
            if (single >= 0 && single < vocabularySize) {
                out.add(single);
                unknown = false;
            } else {
                unknown = spellCharacter(c, unknown, out);
            }
        }
        return unknown;
    }

    private boolean spellCharacter(int codePoint, boolean afterUnknown, Ids out) {
        if (rules.bytes.length > 0 && spellBytes(codePoint, out)) {
            return false;
        }
        if (rules.unknown >= 0 && !(rules.fuse && afterUnknown)) {
            out.add(rules.unknown);
        }
        return true;
    }

    private boolean spellBytes(int codePoint, Ids out) {
        byte[] utf8 = Character.toString(codePoint).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (byte b : utf8) {
            if (rules.bytes[b & 0xFF] < 0) {
                return false;
            }
        }
        for (byte b : utf8) {
            out.add(rules.bytes[b & 0xFF]);
        }
        return true;
    }

    /** Collects symbols and merges. */
    static final class Builder {
        private final Vocabulary vocabulary;
        private final Map<String, Integer> symbols;
        private final List<String> extras = new ArrayList<>();
        private final PairTable pairs;

        Builder(Vocabulary vocabulary, int expectedPairs) {
            this.vocabulary = vocabulary;
            this.symbols = HashMap.newHashMap(vocabulary.size());
            this.pairs = new PairTable(expectedPairs);
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.kind(id).mergeable() && !vocabulary.spelling(id).isEmpty()) {
                    symbols.put(vocabulary.spelling(id), id);
                }
            }
        }

        /** Symbol spelled so, or -1. */
        int find(String spelling) {
            return symbols.getOrDefault(spelling, -1);
        }

        /** Symbol spelled so; made where there is none. */
        int require(String spelling) {
            return symbols.computeIfAbsent(spelling, text -> {
                extras.add(text);
                return vocabulary.size() + extras.size() - 1;
            });
        }

        /** Lets two symbols become a third; lower ranks go first. */
        void merge(int left, int right, int rank, int result) {
            pairs.put(left, right, rank, result);
        }

        BytePairModel build(Rules rules) {
            return new BytePairModel(this, rules);
        }
    }
}
