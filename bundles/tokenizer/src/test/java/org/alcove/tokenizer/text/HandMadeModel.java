package org.alcove.tokenizer.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.weights.ModelFile;

/** A model file made of keys, for tests; companions lie in a folder. */
final class HandMadeModel implements ModelFile {
    private final Path path;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Tensor> tensors = new HashMap<>();

    HandMadeModel(Path path) {
        this.path = path;
    }

    /** A copy of another model's keys about tokens. */
    static HandMadeModel like(ModelFile other) {
        HandMadeModel copy = new HandMadeModel(other.path());
        for (String key : List.of("model", "pre")) {
            other.text("tokenizer.ggml." + key).ifPresent(text -> copy.with(key, text));
        }
        for (String key : List.of("bos_token_id", "eos_token_id", "unknown_token_id")) {
            other.integer("tokenizer.ggml." + key).ifPresent(id -> copy.with(key, id));
        }
        other.flag("tokenizer.ggml.add_bos_token").ifPresent(flag -> copy.with("add_bos_token", flag));
        return copy.with("tokens", other.texts("tokenizer.ggml.tokens")).with("merges", other.texts("tokenizer.ggml.merges"))
                .with("scores", other.numbers("tokenizer.ggml.scores"))
                .with("token_type", other.integers("tokenizer.ggml.token_type"));
    }

    /** Sets a key; short names are those under {@code tokenizer.ggml}. */
    HandMadeModel with(String key, Object value) {
        values.put(key.contains(".") ? key : "tokenizer.ggml." + key, value);
        return this;
    }

    HandMadeModel without(String key) {
        values.remove("tokenizer.ggml." + key);
        return this;
    }

    /** Gives it an embedding of that many ids. */
    HandMadeModel withRows(int rows) {
        MatrixShape shape = new MatrixShape(rows, 1);
        tensors.put("token_embd.weight", new Tensor("token_embd.weight", "F32", "f32", shape, 4L * rows));
        return this;
    }

    private <T> Optional<T> value(String key, Class<T> type) {
        return Optional.ofNullable(values.get(key)).filter(type::isInstance).map(type::cast);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.getFileName().toString();
    }

    @Override
    public String architecture() {
        return text("general.architecture").orElse("");
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public Optional<String> text(String key) {
        return value(key, String.class);
    }

    @Override
    public OptionalInt integer(String key) {
        return value(key, Integer.class).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    @Override
    public OptionalDouble number(String key) {
        return value(key, Double.class).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return value(key, Boolean.class);
    }

    @Override
    public List<String> texts(String key) {
        return value(key, List.class).map(list -> ((List<?>) list).stream().map(String.class::cast).toList()).orElse(List.of());
    }

    @Override
    public int[] integers(String key) {
        return value(key, int[].class).orElse(new int[0]);
    }

    @Override
    public float[] numbers(String key) {
        return value(key, float[].class).orElse(new float[0]);
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public Optional<Path> companion(String fileName) {
        return Optional.of(path.resolve(fileName)).filter(Files::isRegularFile);
    }
}
