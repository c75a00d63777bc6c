package org.alcove.weights.huggingface;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.alcove.weights.ModelFormatException;

/** What the tensors of a model are called in a Hugging Face folder: the way back from GGUF's names. */
public final class FolderNames {

    private final UnaryOperator<String> names;

    private FolderNames(UnaryOperator<String> names) {
        this.names = names;
    }

    /**
     * The names that a folder itself uses, letter for letter.
     *
     * @throws ModelFormatException if it is damaged or its kind of model is not known
     */
    public static FolderNames of(Path folder) throws IOException {
        JsonObject config = FolderReader.config(folder)
                .orElseThrow(() -> new ModelFormatException(folder + ": there is no config.json"));
        String type = config.text("model_type").orElse("of no name");
        FolderArchitecture architecture = FolderArchitecture.of(type)
                .orElseThrow(() -> config.error("model_type", "model type " + type + " is not supported"));
        int layers = config.positive("num_hidden_layers");
        Map<String, String> known = new HashMap<>();
        for (String name : ShardedTensors.read(folder).tensors().keySet()) {
            int dot = name.lastIndexOf('.');
            if (dot > 0) {
                architecture.ggufName(name.substring(0, dot), layers)
                        .ifPresent(module -> known.put(module + name.substring(dot), name));
            }
        }
        return new FolderNames(known::get);
    }

    /**
     * The names that models of a type usually have.
     *
     * @param modelType value of {@code model_type} in {@code config.json}
     */
    public static FolderNames ofType(String modelType) {
        FolderArchitecture architecture = FolderArchitecture.of(modelType)
                .orElseThrow(() -> new IllegalArgumentException("model type " + modelType + " is not known"));
        return new FolderNames(name -> {
            int dot = name.lastIndexOf('.');
            return dot < 0 ? null : architecture.module(name.substring(0, dot)).map(module -> module + name.substring(dot))
                    .orElse(null);
        });
    }

    /**
     * Name in the folder.
     *
     * @param ggufName for example {@code blk.3.ffn_up.weight}
     * @return for example {@code model.layers.3.mlp.up_proj.weight}; empty for what such a model does not have
     */
    public Optional<String> name(String ggufName) {
        return Optional.ofNullable(names.apply(ggufName));
    }
}
