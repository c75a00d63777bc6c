package org.alcove.weights.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.SamplingKey;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.MetadataValue.Flag;
import org.alcove.weights.checkpoint.MetadataValue.Numbers;
import org.alcove.weights.checkpoint.MetadataValue.Real;
import org.alcove.weights.checkpoint.MetadataValue.Text;
import org.alcove.weights.checkpoint.MetadataValue.Whole;

/**
 * Keys about tokens, templates and sampling: from {@code generation_config.json}, {@code tokenizer_config.json} and template
 * files.
 */
final class TokenizerKeys {

    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final long MAX_CONFIG = 64L << 20;
    private static final long MAX_TEMPLATE = 4L << 20;
    private static final int MAX_END_TOKENS = 256;

    private final Path folder;
    private final Map<String, MetadataValue> keys;

    TokenizerKeys(Path folder, Map<String, MetadataValue> keys) {
        this.folder = folder;
        this.keys = keys;
    }

    void addAll(Optional<JsonObject> config) throws IOException {
        if (config.isPresent()) {
            addId(config.get(), "bos_token_id");
            addId(config.get(), "eos_token_id");
            addId(config.get(), "pad_token_id");
            addEndTokens(config.get());
        }
        Path generation = folder.resolve("generation_config.json");
        if (Files.isRegularFile(generation)) {
            JsonObject generated = JsonFiles.read(generation, MAX_CONFIG);
            addEndTokens(generated);
            addSampling(generated);
        }
        Path tokenizer = folder.resolve("tokenizer_config.json");
        if (Files.isRegularFile(tokenizer)) {
            addTokenizer(JsonFiles.read(tokenizer, MAX_CONFIG));
        }
        addTemplateFile(folder.resolve("chat_template.jinja"));
    }

    /** What is of a wrong kind is left out: it is only a recommendation. */
    private void addSampling(JsonObject generation) {
        for (SamplingKey key : SamplingKey.values()) {
            JsonNode value = generation.member(key.setting());
            if (value != null && value.isIntegralNumber()) {
                keys.put(key.key(), new Whole(value.longValue()));
            } else if (value != null && value.isNumber()) {
                keys.put(key.key(), new Real(value.doubleValue()));
            }
        }
        JsonNode sample = generation.member(SamplingKey.DRAWN);
        if (sample != null && sample.isBoolean() && !sample.booleanValue()) {
            keys.put(SamplingKey.TEMPERATURE.key(), new Real(0));
        }
    }

    private void addTokenizer(JsonObject tokenizer) throws ModelFormatException {
        for (String flag : new String[] {"add_bos_token", "add_eos_token"}) {
            tokenizer.flag(flag).ifPresent(value -> keys.put("tokenizer.ggml." + flag, new Flag(value)));
        }
        JsonNode template = tokenizer.member("chat_template");
        if (template == null) {
            return;
        }
        if (!template.isArray()) {
            keys.put(TEMPLATE, new Text(tokenizer.text("chat_template").orElseThrow()));
            return;
        }
        for (JsonNode element : template) {
            if (!element.path("name").isTextual() || !element.path("template").isTextual()) {
                throw tokenizer.error("chat_template", "each element of the list needs a name and a template");
            }
            String name = element.path("name").textValue();
            keys.put(name.equals("default") ? TEMPLATE : TEMPLATE + "." + name, new Text(element.path("template").textValue()));
        }
    }

    /** Newer folders keep the template in a file of its own, which wins. */
    private void addTemplateFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        if (Files.size(file) > MAX_TEMPLATE) {
            throw new ModelFormatException(file + ": it has " + Files.size(file) + " bytes, more than the " + MAX_TEMPLATE
                    + " that are read");
        }
        keys.put(TEMPLATE, new Text(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
    }

    /** A list is only possible for the end token; its first element counts as the one. */
    private void addId(JsonObject config, String key) {
        JsonNode value = config.member(key);
        if (value != null && value.isArray() && !value.isEmpty()) {
            value = value.get(0);
        }
        if (value != null && value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0) {
            keys.put("tokenizer.ggml." + key, new Whole(value.intValue()));
        }
    }

    private void addEndTokens(JsonObject config) throws ModelFormatException {
        JsonNode value = config.member("eos_token_id");
        if (value == null) {
            return;
        }
        int count = value.isArray() ? value.size() : 1;
        if (count > MAX_END_TOKENS) {
            throw config.error("eos_token_id", "it lists " + count + " ids, more than " + MAX_END_TOKENS);
        }
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            JsonNode id = value.isArray() ? value.get(i) : value;
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw config.error("eos_token_id", "it must be an id or a list of ids, not negative");
            }
            ids[i] = id.intValue();
        }
        keys.put(ModelFile.END_TOKEN_IDS, Numbers.of(ids));
    }
}
