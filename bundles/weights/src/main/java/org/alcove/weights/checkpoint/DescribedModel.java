package org.alcove.weights.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.weights.ModelFile;
import org.alcove.weights.checkpoint.MetadataValue.Flag;
import org.alcove.weights.checkpoint.MetadataValue.Numbers;
import org.alcove.weights.checkpoint.MetadataValue.Real;
import org.alcove.weights.checkpoint.MetadataValue.Text;
import org.alcove.weights.checkpoint.MetadataValue.Texts;
import org.alcove.weights.checkpoint.MetadataValue.Whole;

/** A checkpoint as the rest of the house sees it. A key that holds another kind of value than asked for counts as absent. */
public final class DescribedModel implements ModelFile {

    private final Checkpoint checkpoint;
    private final Map<String, Tensor> tensors;

    public DescribedModel(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        Map<String, Tensor> listed = new LinkedHashMap<>();
        checkpoint.tensors().forEach((name, tensor) -> listed.put(name, new Tensor(name, tensor.type(),
                tensor.layout().map(layout -> layout.format()).orElse(""), tensor.shape(), tensor.bytes())));
        this.tensors = Collections.unmodifiableMap(listed);
    }

    @Override
    public Path path() {
        return checkpoint.path();
    }

    @Override
    public String name() {
        return checkpoint.name();
    }

    @Override
    public String architecture() {
        return text("general.architecture").orElse("");
    }

    @Override
    public List<String> keys() {
        return List.copyOf(checkpoint.metadata().keySet());
    }

    @Override
    public Optional<String> text(String key) {
        return value(key) instanceof Text(String text) ? Optional.of(text) : Optional.empty();
    }

    @Override
    public OptionalInt integer(String key) {
        return value(key) instanceof Whole(long whole) && whole == (int) whole ? OptionalInt.of((int) whole)
                : OptionalInt.empty();
    }

    @Override
    public OptionalDouble number(String key) {
        return switch (value(key)) {
            case Whole(long whole) -> OptionalDouble.of(whole);
            case Real(double real) -> OptionalDouble.of(real);
            case null, default -> OptionalDouble.empty();
        };
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return value(key) instanceof Flag(boolean flag) ? Optional.of(flag) : Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return value(key) instanceof Texts(List<String> texts) ? texts : List.of();
    }

    @Override
    public int[] integers(String key) {
        if (!(value(key) instanceof Numbers numbers) || numbers.kind().isReal()) {
            return new int[0];
        }
        int[] result = new int[numbers.size()];
        for (int i = 0; i < result.length; i++) {
            long whole = numbers.whole(i);
            if (whole != (int) whole) {
                return new int[0];
            }
            result[i] = (int) whole;
        }
        return result;
    }

    @Override
    public float[] numbers(String key) {
        if (!(value(key) instanceof Numbers numbers)) {
            return new float[0];
        }
        float[] result = new float[numbers.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) numbers.real(i);
        }
        return result;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public Optional<Path> companion(String fileName) {
        Path plain = Path.of(fileName);
        if (plain.getNameCount() != 1 || !plain.getFileName().toString().equals(fileName) || !Files.isDirectory(path())) {
            return Optional.empty();
        }
        return Optional.of(path().resolve(fileName)).filter(Files::isRegularFile);
    }

    private MetadataValue value(String key) {
        return checkpoint.metadata().get(key);
    }
}
