package org.alcove.weights.quantize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Quantizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.VocabularyConverter;
import org.alcove.weights.huggingface.FolderNames;

/** What a folder is made of beside the weights, and the names of its tensors. */
final class FolderFiles {

    /** What says how a model is used; copied as it is. */
    private static final List<String> COPIED = List.of("tokenizer.json", "tokenizer_config.json", "tokenizer.model",
            "generation_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja", "vocab.json",
            "merges.txt");
    private static final String HEAD = "lm_head";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Quantizer.Order order;
    private final ModelFile file;
    private final float[] ropeFactors;

    /** @param ropeFactors values of {@code rope_freqs.weight}; empty where there is none */
    FolderFiles(Quantizer.Order order, ModelFile file, float[] ropeFactors) {
        this.order = order;
        this.file = file;
        this.ropeFactors = ropeFactors;
    }

    /** The names of the plans' tensors in the folder. */
    List<FolderTarget.FolderTensor> tensors(List<TensorPlan> plans) throws IOException {
        FolderNames names = Files.isDirectory(order.source()) ? FolderNames.of(order.source())
                : FolderNames.ofType(FolderConfig.modelType(file));
        List<FolderTarget.FolderTensor> tensors = new ArrayList<>();
        for (TensorPlan plan : plans) {
            tensors.add(new FolderTarget.FolderTensor(names.name(plan.name()).orElseThrow(() -> new ModelFormatException(
                    order.source() + ": tensor " + plan.name() + " has no name in a Hugging Face folder of architecture "
                    + file.architecture() + "; choose --format gguf")), plan));
        }
        return tensors;
    }

    /** The files beside the weights, by name. */
    Map<String, byte[]> beside(List<FolderTarget.FolderTensor> tensors, Optional<VocabularyConverter> converter)
            throws IOException {
        boolean copied = Files.isDirectory(order.source());
        FolderConfig described = new FolderConfig(file, ropeFactors);
        ObjectNode config = copied ? sourceConfig() : described.of(tensors);
        // Readers bring the scales, which are binary16, to this type; bfloat16 would round them.
        for (String key : List.of("torch_dtype", "dtype")) {
            if (config.has(key)) {
                config.put(key, "float16");
            }
        }
        config.set("quantization_config",
                PackedConfig.of(Scheme.of(order) == Scheme.SYM_INT4, order.groupSize(), denseModules(tensors)));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", text(config));
        if (copied) {
            copy(files);
        } else {
            files.put("generation_config.json", text(described.generation()));
            files.putAll(converter.orElseThrow(() -> new IOException("the tokenizer bundle is not there, so the vocabulary of "
                    + order.source() + " cannot be written as tokenizer.json; start alcove-tokenizer or choose --format gguf"))
                    .folderFiles(file));
        }
        return files;
    }

    private void copy(Map<String, byte[]> files) throws IOException {
        for (String name : COPIED) {
            Path companion = order.source().resolve(name);
            if (Files.isRegularFile(companion)) {
                files.put(name, Files.readAllBytes(companion));
            }
        }
    }

    /** Linear modules that are not packed; a head that is the embedding is one, though it has no tensor. */
    private static List<String> denseModules(List<FolderTarget.FolderTensor> tensors) {
        List<String> modules = new ArrayList<>();
        tensors.stream().filter(FolderFiles::isDenseLinear)
                .forEach(tensor -> modules.add(tensor.name().substring(0, tensor.name().length() - ".weight".length())));
        if (!modules.contains(HEAD)) {
            modules.add(HEAD);
        }
        return modules;
    }

    private static boolean isDenseLinear(FolderTarget.FolderTensor tensor) {
        TensorPlan plan = tensor.plan();
        return !plan.vector() && !plan.name().equals("token_embd.weight") && !plan.note().isEmpty();
    }

    private ObjectNode sourceConfig() throws IOException {
        JsonNode tree = JSON.readTree(Files.readAllBytes(order.source().resolve("config.json")));
        if (!(tree instanceof ObjectNode config)) {
            throw new ModelFormatException(order.source() + ": config.json holds no JSON object");
        }
        config.remove("compression_config");
        if (!config.has("torch_dtype") && !config.has("dtype")) {
            config.put("torch_dtype", "float16");
        }
        return config;
    }

    private static byte[] text(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
