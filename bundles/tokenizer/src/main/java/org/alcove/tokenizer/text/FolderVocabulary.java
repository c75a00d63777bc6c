package org.alcove.tokenizer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * Writes what the keys {@code tokenizer.ggml.*} say as {@code tokenizer.json} and {@code tokenizer_config.json}. The forms are
 * those that published folders of the same families have, so that the ids of a text stay the same.
 */
final class FolderVocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "tokenizer.chat_template";

    private final ModelFile file;
    private final Tokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final ObjectNode root = JSON.createObjectNode();

    /** @throws ModelFormatException if the keys describe no tokenizer */
    FolderVocabulary(ModelFile file) throws ModelFormatException {
        this.file = file;
        this.tokenizer = new GgufTokenizers(file).open();
        this.vocabulary = new GgufTokenizers(file).vocabulary();
    }

    Map<String, byte[]> files() throws ModelFormatException {
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        addAddedTokens();
        boolean sentencePiece = file.text(GgufTokenizers.MODEL).orElse("").equals("llama");
        ObjectNode bpe = JSON.createObjectNode().put("type", "BPE").putNull("dropout");
        if (sentencePiece) {
            addSentencePiece(bpe);
        } else {
            addByteLevel(bpe);
        }
        bpe.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        addVocabulary(bpe);
        ArrayNode merges = bpe.putArray("merges");
        List<String[]> pairs = sentencePiece
                ? new ScoredMerges(vocabulary, file.numbers(GgufTokenizers.SCORES)).inOrder()
                : listedMerges();
        pairs.forEach(pair -> merges.addArray().add(pair[0]).add(pair[1]));
        root.set("model", bpe);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("tokenizer.json", text(root));
        files.put("tokenizer_config.json", text(config()));
        return files;
    }

    private void addAddedTokens() {
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kind(id);
            boolean wanted = kind.control() || kind == TokenKind.USER_DEFINED;
            if (wanted && !vocabulary.spelling(id).isEmpty()) {
                added.addObject().put("id", id).put("content", vocabulary.spelling(id)).put("single_word", false)
                        .put("lstrip", false).put("rstrip", false).put("normalized", false).put("special", kind.control());
            }
        }
    }

    private void addSentencePiece(ObjectNode bpe) {
        boolean prefix = file.flag("tokenizer.ggml.add_space_prefix").orElse(true);
        ArrayNode normalizers = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (file.flag("tokenizer.ggml.remove_extra_whitespaces").orElse(false)) {
            normalizers.addObject().put("type", "Strip").put("strip_left", true).put("strip_right", true);
            replace(normalizers.addObject(), "Regex", " {2,}", " ");
        }
        if (prefix) {
            normalizers.addObject().put("type", "Prepend").put("prepend", TokenBytes.SPACE_MARK);
        }
        replace(normalizers.addObject(), "String", " ", TokenBytes.SPACE_MARK);
        root.putNull("pre_tokenizer");
        addPostProcessor();
        ArrayNode decoders = root.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), "String", TokenBytes.SPACE_MARK, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefix) {
            decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        }
        boolean bytes = false;
        for (int id : vocabulary.byteIds()) {
            bytes |= id >= 0;
        }
        OptionalInt unknown = file.integer("tokenizer.ggml.unknown_token_id");
        if (unknown.isPresent()) {
            bpe.put("unk_token", vocabulary.spelling(unknown.getAsInt()));
        } else {
            bpe.putNull("unk_token");
        }
        bpe.put("fuse_unk", true).put("byte_fallback", bytes).put("ignore_merges", false);
    }

    private static void replace(ObjectNode step, String kind, String pattern, String content) {
        step.put("type", "Replace").put("content", content).putObject("pattern").put(kind, pattern);
    }

    private void addByteLevel(ObjectNode bpe) {
        PreTokenizerFamilies.Description family = new PreTokenizerFamilies()
                .describe(file.text(GgufTokenizers.PRE).orElse("gpt-2")).orElseThrow();
        root.putNull("normalizer");
        ArrayNode steps = root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (String pattern : family.patterns()) {
            steps.addObject().put("type", "Split").put("behavior", "Isolated").put("invert", false)
                    .putObject("pattern").put("Regex", pattern);
        }
        byteLevel(steps.addObject());
        addPostProcessor();
        byteLevel(root.putObject("decoder"));
        bpe.putNull("unk_token").put("fuse_unk", false).put("byte_fallback", false)
                .put("ignore_merges", family.wholeWords());
    }

    private static void byteLevel(ObjectNode step) {
        step.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", false);
    }

    /** Puts the begin token in front, where the model wants one. */
    private void addPostProcessor() {
        if (!addsBegin()) {
            root.putNull("post_processor");
            return;
        }
        int begin = tokenizer.beginId().orElseThrow();
        String spelling = vocabulary.spelling(begin);
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        for (String kind : List.of("single", "pair")) {
            ArrayNode parts = template.putArray(kind);
            for (int text = 0; text < (kind.equals("pair") ? 2 : 1); text++) {
                parts.addObject().putObject("SpecialToken").put("id", spelling).put("type_id", text);
                parts.addObject().putObject("Sequence").put("id", text == 0 ? "A" : "B").put("type_id", text);
            }
        }
        ObjectNode token = template.putObject("special_tokens").putObject(spelling).put("id", spelling);
        token.putArray("ids").add(begin);
        token.putArray("tokens").add(spelling);
    }

    private boolean addsBegin() {
        return tokenizer.encode(List.<PromptPiece>of(), true).length > 0;
    }

    private void addVocabulary(ObjectNode bpe) {
        ObjectNode tokens = bpe.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            if (!vocabulary.spelling(id).isEmpty()) {
                tokens.put(vocabulary.spelling(id), id);
            }
        }
    }

    private List<String[]> listedMerges() throws ModelFormatException {
        List<String[]> pairs = file.texts(GgufTokenizers.MERGES).stream().map(merge -> {
            int space = merge.indexOf(' ', 1);
            return new String[] {merge.substring(0, space), merge.substring(space + 1)};
        }).toList();
        for (String[] pair : pairs) {
            for (String part : List.of(pair[0], pair[1], pair[0] + pair[1])) {
                if (vocabulary.find(part) < 0) {
                    throw new ModelFormatException(file.path() + ": a merge needs the token " + Vocabulary.quote(part)
                            + ", which " + GgufTokenizers.TOKENS + " lacks; tokenizer.json cannot say that");
                }
            }
        }
        return pairs;
    }

    private ObjectNode config() {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast").put("clean_up_tokenization_spaces", false);
        config.put("add_bos_token", addsBegin());
        config.put("add_eos_token", file.flag("tokenizer.ggml.add_eos_token").orElse(false));
        tokenizer.beginId().ifPresent(id -> config.put("bos_token", vocabulary.spelling(id)));
        OptionalInt end = file.integer("tokenizer.ggml.eos_token_id");
        Optional<Integer> found = end.isPresent() ? Optional.of(end.getAsInt())
                : tokenizer.endIds().stream().sorted().findFirst();
        found.ifPresent(id -> config.put("eos_token", vocabulary.spelling(id)));
        Map.of("unk_token", "unknown_token_id", "pad_token", "padding_token_id").forEach((name, key) ->
                file.integer("tokenizer.ggml." + key).ifPresent(id -> config.put(name, vocabulary.spelling(id))));
        file.integer(file.architecture() + ".context_length").ifPresent(length -> config.put("model_max_length", length));
        addTemplates(config);
        return config;
    }

    private void addTemplates(ObjectNode config) {
        List<String> named = file.keys().stream()
                .filter(key -> key.startsWith(TEMPLATE + ".") && file.text(key).isPresent()).toList();
        Optional<String> main = file.text(TEMPLATE);
        if (named.isEmpty()) {
            main.ifPresent(template -> config.put("chat_template", template));
            return;
        }
        ArrayNode list = config.putArray("chat_template");
        main.ifPresent(template -> list.addObject().put("name", "default").put("template", template));
        named.forEach(key -> list.addObject().put("name", key.substring(TEMPLATE.length() + 1))
                .put("template", file.text(key).orElseThrow()));
    }

    private static byte[] text(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
