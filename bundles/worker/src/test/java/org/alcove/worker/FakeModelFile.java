package org.alcove.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.weights.ModelFile;

/** A model file of a few keys. */
record FakeModelFile(Map<String, Object> values) implements ModelFile {

    static final FakeModelFile BARE = new FakeModelFile(Map.of("tokenizer.ggml.eos_token_id", FakeTokenizer.END));
    static final FakeModelFile WITH_TEMPLATE = new FakeModelFile(
            Map.of("tokenizer.ggml.eos_token_id", FakeTokenizer.END, "tokenizer.chat_template", "{{ source }}"));

    @Override
    public Path path() {
        return Path.of("fake.gguf");
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String architecture() {
        return "llama";
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    @Override
    public OptionalInt integer(String key) {
        return values.get(key) instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty();
    }

    @Override
    public OptionalDouble number(String key) {
        return values.get(key) instanceof Double number ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return List.of();
    }

    @Override
    public int[] integers(String key) {
        return new int[0];
    }

    @Override
    public float[] numbers(String key) {
        return new float[0];
    }

    @Override
    public Map<String, Tensor> tensors() {
        return Map.of();
    }

    @Override
    public Optional<Path> companion(String fileName) {
        return Optional.empty();
    }
}
