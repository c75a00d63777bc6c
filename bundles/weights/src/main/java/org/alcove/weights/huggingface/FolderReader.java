package org.alcove.weights.huggingface;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.StoredTensor;

/** Reads what a Hugging Face folder says: configuration, tokens, templates, and the headers of its weight files. */
public final class FolderReader {

    private static final long MAX_CONFIG = 16L << 20;

    private FolderReader() {
    }

    /**
     * Reads a folder. One that only has a tokenizer, or whose kind of model is not known, is described without tensors.
     *
     * @throws ModelFormatException if it is damaged, hostile or not supported
     */
    public static Checkpoint read(Path folder) throws IOException {
        Map<String, MetadataValue> keys = new LinkedHashMap<>();
        Optional<JsonObject> config = config(folder);
        Optional<String> modelType = config.isPresent() ? config.get().text("model_type") : Optional.empty();
        if (config.isPresent() && modelType.isEmpty()) {
            throw config.get().error("model_type", "it is missing");
        }
        Optional<FolderArchitecture> architecture = modelType.flatMap(FolderArchitecture::of);
        String name = folder.getFileName() == null ? folder.toString() : folder.getFileName().toString();
        modelType.ifPresent(type -> keys.put("general.architecture",
                new MetadataValue.Text(architecture.map(FolderArchitecture::ggufName).orElse(type))));
        keys.put("general.name", new MetadataValue.Text(name));
        if (architecture.isPresent()) {
            new ConfigKeys(config.get(), architecture.get(), keys).addAll();
        }
        new TokenizerKeys(folder, keys).addAll(config);
        if (architecture.isEmpty()) {
            String why = modelType.map(type -> "model type " + type + " is not supported").orElse("there is no config.json");
            return new Checkpoint(folder, name, keys, Map.of(), List.of(), Optional.of(why));
        }
        return withTensors(folder, name, keys, architecture.get(), config.get());
    }

    private static Checkpoint withTensors(Path folder, String name, Map<String, MetadataValue> keys,
            FolderArchitecture architecture, JsonObject config) throws IOException {
        ShardedTensors source = ShardedTensors.read(folder);
        Optional<Boolean> tied = config.flag("tie_word_embeddings");
        Map<String, StoredTensor> tensors =
                new TensorMapping(folder, architecture, config, source).map(tied.orElse(false));
        Optional<String> refusal = Optional.empty();
        if (tensors.isEmpty()) {
            refusal = Optional.of("there is no *.safetensors file; convert other weight files to it");
        } else if (!tensors.containsKey("output.weight") && tied.isPresent() && !tied.get()) {
            refusal = Optional.of("tensor lm_head.weight is missing, and config.json says tie_word_embeddings is false");
        }
        return new Checkpoint(folder, name, keys, tensors, source.files(), refusal);
    }

    /** The configuration; empty where there is only a tokenizer. */
    static Optional<JsonObject> config(Path folder) throws IOException {
        Path config = folder.resolve("config.json");
        if (!Files.isRegularFile(config) && Files.isRegularFile(folder.resolve("tokenizer.json"))) {
            return Optional.empty();
        }
        return Optional.of(JsonFiles.read(config, MAX_CONFIG));
    }
}
