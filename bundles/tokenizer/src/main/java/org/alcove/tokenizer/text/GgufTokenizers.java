package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the tokenizer a model describes by the keys {@code tokenizer.ggml.*}. */
final class GgufTokenizers {
    static final String MODEL = "tokenizer.ggml.model";
    static final String TOKENS = "tokenizer.ggml.tokens";
    static final String PRE = "tokenizer.ggml.pre";
    static final String SCORES = "tokenizer.ggml.scores";
    private static final String TYPES = "tokenizer.ggml.token_type";
    static final String MERGES = "tokenizer.ggml.merges";
    private static final Logger LOG = LoggerFactory.getLogger(GgufTokenizers.class);

    private final ModelFile file;

    GgufTokenizers(ModelFile file) {
        this.file = file;
    }

    Tokenizer open() throws ModelFormatException {
        String model = file.text(MODEL).orElseThrow(() -> problem(MODEL + " is missing; convert the model again"));
        return switch (model) {
            case "llama" -> sentencePiece();
            case "gpt2" -> byteLevel();
            default -> throw problem(MODEL + " is '" + model + "', supported are 'llama' (SentencePiece BPE) and 'gpt2' "
                    + "(byte-level BPE); use a model with one of these");
        };
    }

    private Tokenizer sentencePiece() throws ModelFormatException {
        Vocabulary vocabulary = vocabulary();
        float[] scores = file.numbers(SCORES);
        if (scores.length != vocabulary.size()) {
            throw problem(SCORES + " has " + scores.length + " elements, " + TOKENS + " has " + vocabulary.size()
                    + "; the model cannot be tokenized, convert it again");
        }
        int unknown = EndTokens.idAt(file, "tokenizer.ggml.unknown_token_id", vocabulary).orElse(-1);
        boolean prefix = flag("tokenizer.ggml.add_space_prefix", true);
        boolean squeeze = flag("tokenizer.ggml.remove_extra_whitespaces", false);
        TextModel text = new TextPipeline(SentencePieceText.normalizer(prefix, squeeze), new AddedTokens(List.of()),
                PreTokenizer.NONE, new ScoredPairs(file.path().toString(), vocabulary, scores).model(unknown));
        return sentencePiece(vocabulary, added(vocabulary, true, true), text, prefix);
    }

    /** The tokenizer of a {@code tokenizer.model}, with the ids of begin and end that the folder's settings name. */
    Tokenizer open(SentencePieceFile pieces) throws ModelFormatException {
        Vocabulary vocabulary = pieces.vocabulary();
        // SentencePiece looks for user-defined tokens after it put the space in front, GGUF runtimes before.
        TextModel text = new TextPipeline(SentencePieceText.normalizer(pieces.prefix(), pieces.squeeze()),
                added(vocabulary, false, true), PreTokenizer.NONE,
                new ScoredPairs(file.path().toString(), vocabulary, pieces.scores()).model(pieces.unknown()));
        return sentencePiece(vocabulary, added(vocabulary, true, false), text, pieces.prefix());
    }

    private Tokenizer sentencePiece(Vocabulary vocabulary, AddedTokens added, TextModel text, boolean prefix)
            throws ModelFormatException {
        TokenBytes writing = new TokenBytes(false, false, List.of(TokenBytes.MARK_TO_SPACE), false, prefix);
        return new PieceTokenizer(vocabulary.covering(file), added, text, writing, ends(vocabulary, true, 1, 2));
    }

    private Tokenizer byteLevel() throws ModelFormatException {
        PreTokenizerFamilies.Family family = family();
        Vocabulary vocabulary = vocabulary();
        List<String> merges = file.texts(MERGES);
        if (merges.isEmpty()) {
            throw problem(MERGES + " is missing or empty; the model cannot be tokenized, convert it again");
        }
        BytePairModel.Builder words = new BytePairModel.Builder(vocabulary, merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            // A part may begin with a space of its own in files that do not use the byte alphabet.
            int space = merge.indexOf(' ', 1);
            if (space < 0 || space == merge.length() - 1) {
                throw problem(MERGES + ", element " + rank + ", is " + Vocabulary.quote(merge)
                        + ", expected two parts with a space between; convert the model again");
            }
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            int result = vocabulary.find(left + right);
            if (result < 0 || vocabulary.kind(result).mergeable()) {
                words.merge(words.require(left), words.require(right), rank, words.require(left + right));
            }
        }
        BytePairModel model = words.build(new BytePairModel.Rules(family.wholeWords(), new int[0], -1, false));
        warnOfMissingBytes(model);
        TextModel text = new TextPipeline(Normalizer.NONE, new AddedTokens(List.of()), family.words(), model);
        TokenBytes writing = new TokenBytes(true, false, List.of(), true, false);
        return new PieceTokenizer(vocabulary.covering(file), added(vocabulary, true, true), text, writing,
                ends(vocabulary, family.addBegin(), -1, -1));
    }

    /** A key that holds no flag is refused and not taken for absent. */
    private boolean flag(String key, boolean absent) throws ModelFormatException {
        Optional<Boolean> flag = file.flag(key);
        if (flag.isEmpty() && file.keys().contains(key)) {
            throw problem(key + " is neither true nor false; convert the model again");
        }
        return flag.orElse(absent);
    }

    private PreTokenizerFamilies.Family family() throws ModelFormatException {
        PreTokenizerFamilies families = new PreTokenizerFamilies();
        Optional<String> name = file.text(PRE);
        if (name.isEmpty() && file.keys().contains(PRE)) {
            throw problem(PRE + " is no text; convert the model again");
        }
        if (name.isEmpty()) {
            LOG.warn("{}: {} is missing; text is cut into words as for gpt-2, and answers may be worse than the model's own. "
                    + "Convert the model again.", file.path(), PRE);
        }
        return families.family(name.orElse("gpt-2")).orElseThrow(() -> problem(PRE + " is '" + name.orElse("")
                + "', supported are: " + families.names()));
    }

    /** The tokens and what they stand for. */
    Vocabulary vocabulary() throws ModelFormatException {
        List<String> tokens = file.texts(TOKENS);
        int[] types = file.integers(TYPES);
        if (types.length == 0 && !tokens.isEmpty() && file.keys().contains(TYPES)) {
            throw problem(TYPES + " holds no list of integers, " + TOKENS + " has " + tokens.size()
                    + " elements; convert the model again");
        }
        if (types.length != 0 && types.length != tokens.size()) {
            throw problem(TYPES + " has " + types.length + " elements, " + TOKENS + " has " + tokens.size()
                    + "; convert the model again");
        }
        String[] spellings = tokens.toArray(String[]::new);
        TokenKind[] kinds = new TokenKind[spellings.length];
        for (int id = 0; id < kinds.length; id++) {
            kinds[id] = types.length == 0 ? TokenKind.guess(spellings[id]) : TokenKind.of(types[id]);
            if (kinds[id].mislabelled(spellings[id])) {
                kinds[id] = TokenKind.CONTROL;
                LOG.info("{}: token {} is spelled like a control token and is treated as one", file.path(), id);
            }
        }
        return Vocabulary.of(file.path().toString(), spellings, kinds);
    }

    private static AddedTokens added(Vocabulary vocabulary, boolean control, boolean userDefined) {
        List<AddedTokens.Added> added = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kind(id);
            boolean wanted = control && kind.control() || userDefined && kind == TokenKind.USER_DEFINED;
            if (wanted && !vocabulary.spelling(id).isEmpty()) {
                added.add(AddedTokens.Added.plain(id, vocabulary.spelling(id), kind.control()));
            }
        }
        return new AddedTokens(added);
    }

    private PieceTokenizer.Ends ends(Vocabulary vocabulary, boolean addBegin, int usualBegin, int usualEnd)
            throws ModelFormatException {
        int begin = EndTokens.idAt(file, "tokenizer.ggml.bos_token_id", vocabulary).orElse(usual(vocabulary, usualBegin));
        boolean add = flag("tokenizer.ggml.add_bos_token", addBegin && begin >= 0);
        Set<Integer> ends = new TreeSet<>(EndTokens.of(file, vocabulary));
        if (file.integer("tokenizer.ggml.eos_token_id").isEmpty() && usual(vocabulary, usualEnd) >= 0) {
            ends.add(usualEnd);
        }
        if (add && begin < 0) {
            throw problem("tokenizer.ggml.add_bos_token is true, but tokenizer.ggml.bos_token_id is missing; "
                    + "convert the model again");
        }
        return new PieceTokenizer.Ends(begin, add, Set.copyOf(ends));
    }

    /** The id a family uses where the file is silent, if it is a control token there. */
    private static int usual(Vocabulary vocabulary, int id) {
        return id >= 0 && id < vocabulary.size() && vocabulary.kind(id).control() ? id : -1;
    }

    private void warnOfMissingBytes(BytePairModel model) {
        int missing = 0;
        for (int b = 0; b < 256; b++) {
            missing += model.knows(ByteAlphabet.letter(b)) ? 0 : 1;
        }
        // 13 bytes never occur in UTF-8 and may be missing rightly.
        if (missing > 13) {
            LOG.warn("{}: {} of 256 bytes are no tokens; text with these bytes loses them. Convert the model again.",
                    file.path(), missing);
        }
    }

    private ModelFormatException problem(String what) {
        return new ModelFormatException(file.path() + ": " + what);
    }
}
