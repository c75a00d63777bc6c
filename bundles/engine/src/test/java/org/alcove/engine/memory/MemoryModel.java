package org.alcove.engine.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.ModelFile;

/** A model made in a test: keys and tensors of float32. */
public final class MemoryModel implements ModelFile {

    /** Values, row by row; a vector has one row. */
    public record Values(MatrixShape shape, boolean vector, float[] floats) implements FloatMatrix {

        @Override
        public void read(RowRange rows, MemorySegment target) {
            int at = rows.first() * shape.columns();
            MemorySegment.copy(floats, at, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, rows.size() * shape.columns());
        }
    }

    private final String architecture;
    private final Map<String, Object> keys = new LinkedHashMap<>();
    private final Map<String, Values> values = new LinkedHashMap<>();
    private final Random random = new Random(7);

    public MemoryModel(String architecture) {
        this.architecture = architecture;
        keys.put(ROPE_PAIRING, "adjacent");
    }

    /** Sets a key; one that begins with a dot belongs to the architecture. Null removes it. */
    public MemoryModel key(String key, Object value) {
        String name = key.startsWith(".") ? architecture + key : key;
        if (value == null) {
            keys.remove(name);
        } else {
            keys.put(name, value);
        }
        return this;
    }

    /** Adds a matrix of small random numbers. */
    public MemoryModel matrix(String name, int rows, int columns) {
        return add(name, new MatrixShape(rows, columns), false, 0, (float) (1 / Math.sqrt(columns)));
    }

    /** Adds a vector of random numbers around another. */
    public MemoryModel vector(String name, int length, float center) {
        return add(name, new MatrixShape(1, length), true, center, 0.3f);
    }

    public MemoryModel add(String name, Values tensor) {
        values.put(name, tensor);
        return this;
    }

    public MemoryModel remove(String name) {
        values.remove(name);
        return this;
    }

    private MemoryModel add(String name, MatrixShape shape, boolean vector, float center, float spread) {
        float[] floats = new float[(int) shape.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = center + spread * (float) random.nextGaussian();
        }
        return add(name, new Values(shape, vector, floats));
    }

    public Map<String, Values> values() {
        return values;
    }

    public float[] floats(String name) {
        return values.get(name).floats();
    }

    @Override
    public Path path() {
        return Path.of("memory");
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public List<String> keys() {
        return new ArrayList<>(keys.keySet());
    }

    @Override
    public Optional<String> text(String key) {
        return keys.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    @Override
    public OptionalInt integer(String key) {
        return keys.get(key) instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty();
    }

    @Override
    public OptionalDouble number(String key) {
        return keys.get(key) instanceof Number number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return keys.get(key) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
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
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        values.forEach((name, tensor) ->
                tensors.put(name, new Tensor(name, "F32", "f32", tensor.shape(), 4L * tensor.floats().length)));
        return tensors;
    }

    @Override
    public Optional<Path> companion(String fileName) {
        return Optional.empty();
    }
}
