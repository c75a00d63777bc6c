package org.alcove.tokenizer.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.VocabularyConverter.GgufVocabulary;

/**
 * Says what a folder's {@code tokenizer.json} or {@code tokenizer.model} says in GGUF's words. GGUF names kinds of tokenizers
 * instead of describing them, so only those are said whose every step is one of a kind's; any other is refused.
 */
final class GgufVocabularyReader {
    private static final List<String> IDS = List.of("bos_token_id", "eos_token_id", "eot_token_id", "eom_token_id");

    private final ModelFile folder;
    private final int rows;
    private final Tokenizer tokenizer;
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<String, Boolean> flags = new LinkedHashMap<>();

    /** @param rows ids the model has */
    GgufVocabularyReader(ModelFile folder, int rows) throws ModelFormatException {
        this.folder = folder;
        this.rows = rows;
        this.tokenizer = new ModelTokenizers().open(folder);
    }

    GgufVocabulary read() throws ModelFormatException {
        if (tokenizer.size() > rows) {
            throw new ModelFormatException(folder.path() + ": the tokenizer has " + tokenizer.size()
                    + " ids, but the embedding has " + rows + " rows; the folder's files do not belong together");
        }
        addIds();
        flags.put("add_bos_token", tokenizer.encode(List.<PromptPiece>of(), true).length > 0);
        flags.put("add_eos_token", folder.flag("tokenizer.ggml.add_eos_token").orElse(false));
        Optional<Path> json = folder.companion("tokenizer.json");
        if (json.isPresent()) {
            return fromJson(json.get());
        }
        return fromPieces(SentencePieceFile.read(folder.companion("tokenizer.model").orElseThrow()));
    }

    private void addIds() {
        tokenizer.beginId().ifPresent(id -> ids.put("bos_token_id", id));
        folder.integer("tokenizer.ggml.eos_token_id").ifPresent(id -> ids.put("eos_token_id", id));
        tokenizer.endIds().stream().sorted().findFirst().ifPresent(id -> ids.putIfAbsent("eos_token_id", id));
        folder.integer("tokenizer.ggml.pad_token_id").ifPresent(id -> ids.put("padding_token_id", id));
        for (String key : IDS) {
            folder.integer("tokenizer.ggml." + key).ifPresent(id -> ids.putIfAbsent(key, id));
        }
        Map.of("<|eot_id|>", "eot_token_id", "<|im_end|>", "eot_token_id", "<|eom_id|>", "eom_token_id").forEach((token, key) ->
                tokenizer.id(token).ifPresent(id -> ids.putIfAbsent(key, id)));
    }

    private GgufVocabulary fromJson(Path file) throws ModelFormatException {
        JsonText root = JsonText.read(file);
        Optional<Path> settings = folder.companion("tokenizer_config.json");
        JsonText config = settings.isPresent() ? JsonText.read(settings.get()) : root.at("no settings");
        Vocabulary vocabulary = JsonVocabulary.read(root, config).vocabulary();
        JsonText bpe = root.at("model");
        String unknown = bpe.at("unk_token").text("");
        if (vocabulary.find(unknown) >= 0 && vocabulary.kind(vocabulary.find(unknown)) == TokenKind.UNKNOWN) {
            ids.put("unknown_token_id", vocabulary.find(unknown));
        }
        List<String[]> merges = merges(bpe.at("merges"));
        ByteLevelSteps steps = new ByteLevelSteps(root);
        if (steps.present()) {
            PreTokenizerFamilies.Description family = steps.family(bpe.at("ignore_merges").flag(false));
            return vocabulary("gpt2", Optional.of(family.name()), vocabulary, new float[0],
                    merges.stream().map(merge -> merge[0] + " " + merge[1]).toList());
        }
        if (!bpe.at("byte_fallback").flag(false)) {
            throw bpe.problem("is neither a byte-level BPE nor one with byte_fallback, the kinds GGUF knows");
        }
        flags.put("add_space_prefix", SpaceMarks.prefix(root));
        return vocabulary("llama", Optional.empty(), vocabulary, ScoredMerges.scores(file.toString(), vocabulary, merges),
                List.of());
    }

    private static List<String[]> merges(JsonText json) throws ModelFormatException {
        List<String[]> merges = new ArrayList<>();
        for (JsonText merge : json.elements()) {
            if (merge.node().isArray()) {
                merges.add(new String[] {merge.elements().get(0).text(), merge.elements().get(1).text()});
            } else {
                String line = merge.text();
                int space = line.indexOf(' ');
                merges.add(new String[] {line.substring(0, space), line.substring(space + 1)});
            }
        }
        return merges;
    }

    private GgufVocabulary fromPieces(SentencePieceFile pieces) throws ModelFormatException {
        Vocabulary vocabulary = pieces.vocabulary();
        if (pieces.unknown() >= 0) {
            ids.put("unknown_token_id", pieces.unknown());
        }
        flags.put("add_space_prefix", pieces.prefix());
        flags.put("remove_extra_whitespaces", pieces.squeeze());
        return vocabulary("llama", Optional.empty(), vocabulary, pieces.scores(), List.of());
    }

    private GgufVocabulary vocabulary(String model, Optional<String> pre, Vocabulary vocabulary, float[] scores,
            List<String> merges) {
        List<String> tokens = new ArrayList<>();
        int[] kinds = new int[rows];
        float[] all = scores.length == 0 ? scores : Arrays.copyOf(scores, rows);
        for (int id = 0; id < rows; id++) {
            String spelling = id < vocabulary.size() ? vocabulary.spelling(id) : "";
            boolean hole = spelling.isEmpty();
            tokens.add(hole ? "[PAD" + id + "]" : spelling);
            kinds[id] = (hole ? TokenKind.UNUSED : vocabulary.kind(id)).number();
            if (all.length > 0 && id >= scores.length) {
                all[id] = -rows;
            }
        }
        return new GgufVocabulary(model, pre, List.copyOf(tokens), kinds, all, merges, new HashMap<>(ids),
                new HashMap<>(flags));
    }
}
