package org.alcove.weights.quantize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.api.control.Quantizer.Container;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;

/**
 * The tensors of a source as the target's container wants them. Within a container nothing changes. Between containers: rows of
 * q and k move where the families' rotary pairs lie differently, Baichuan's fused projection is cut or put together, and
 * Llama 3.1's scaling is a tensor in GGUF and part of the configuration in a folder.
 */
final class SourceTensors {

    private static final Pattern ROTARY = Pattern.compile("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)");
    private static final Pattern FIRST_OF_THREE = Pattern.compile("(blk\\.\\d+\\.attn_)q\\.(weight|bias)");
    private static final Pattern FUSED = Pattern.compile("(blk\\.\\d+\\.attn_)qkv\\.(weight|bias)");
    /** Tables that some converters write and that say nothing the keys do not. */
    private static final Pattern UNREAD = Pattern.compile("blk\\.\\d+\\.(attn_rot_embd|rope_freqs)\\.weight");
    /** Families whose GGUF files hold adjacent pairs; see {@link ModelFile#ROPE_PAIRING}. */
    private static final Set<String> ADJACENT = Set.of("llama", "baichuan");
    private static final String HEAD = "output.weight";

    private final ModelFile file;
    private final ModelKeys keys;
    private final Map<String, SourceTensor> tensors = new LinkedHashMap<>();

    private SourceTensors(Weights weights) throws ModelFormatException {
        this.file = weights.file();
        this.keys = new ModelKeys(file);
        for (ModelFile.Tensor tensor : file.tensors().values()) {
            boolean vector = tensor.shape().rows() == 1;
            FloatMatrix values = weights.floats(tensor.name());
            tensors.put(tensor.name(), new SourceTensor(tensor.name(), tensor.type(), values, vector, tensor.bytes()));
        }
    }

    /** The tensors of a model for a container. */
    static List<SourceTensor> of(Weights weights, Container from, Container to) throws ModelFormatException {
        SourceTensors source = new SourceTensors(weights);
        if (from == Container.GGUF && to == Container.HF) {
            source.toFolder();
        } else if (from == Container.HF && to == Container.GGUF) {
            source.toGguf();
        }
        return List.copyOf(source.tensors.values());
    }

    private void toFolder() throws ModelFormatException {
        tensors.keySet().removeIf(name -> UNREAD.matcher(name).matches());
        tensors.remove(RopeFactors.TENSOR);
        if (isAdjacent()) {
            reorder(RotaryOrder.of(file).halvesFromAdjacent());
        }
        if (file.architecture().equals("baichuan")) {
            replaceEach(FIRST_OF_THREE, this::joined);
        }
    }

    private void toGguf() throws ModelFormatException {
        if (file.architecture().equals("baichuan")) {
            replaceEach(FUSED, this::parts);
        }
        if (ADJACENT.contains(file.architecture()) && !isAdjacent()) {
            reorder(RotaryOrder.of(file).adjacentFromHalves());
        }
        if (file.flag(ModelFile.NORMALIZED_HEAD).orElse(false) && tensors.containsKey(HEAD)) {
            // GGUF has no word for such a head, so its rows are divided now.
            tensors.computeIfPresent(HEAD, (name, tensor) -> tensor.with(new NormalizedRows(tensor.values())));
        }
        Optional<RopeFactors> factors = RopeFactors.of(file);
        if (factors.isPresent()) {
            float[] divisors = factors.get().divisors(keys.positiveNumber("rope.freq_base"), RotaryOrder.of(file).rotated() / 2);
            tensors.put(RopeFactors.TENSOR,
                    new SourceTensor(RopeFactors.TENSOR, "F32", new HeldVector(divisors), true, 4L * divisors.length));
        }
    }

    private boolean isAdjacent() {
        return file.text(ModelFile.ROPE_PAIRING).orElse("halves").equals("adjacent");
    }

    private void reorder(IntUnaryOperator order) throws ModelFormatException {
        for (SourceTensor tensor : List.copyOf(tensors.values())) {
            if (ROTARY.matcher(tensor.name()).matches()) {
                int rows = tensor.vector() ? tensor.values().shape().columns() : tensor.values().shape().rows();
                int expected = (tensor.name().contains("attn_q.") ? keys.heads() : keys.keyHeads()) * keys.headSize();
                requireRows(tensor, rows, expected);
                tensors.put(tensor.name(), tensor.with(tensor.vector() ? HeldVector.of(tensor.values()).reordered(rows, order)
                        : new ReorderedRows(tensor.values(), tensor.values().shape(), order)));
            }
        }
    }

    private void requireRows(SourceTensor tensor, int rows, int expected) throws ModelFormatException {
        if (rows != expected) {
            throw new ModelFormatException(file.path() + ": tensor " + tensor.name() + " has " + rows
                    + " rows, but the keys of the file ask for " + expected);
        }
    }

    /** Replaces each tensor whose name matches by others, at its place. */
    private void replaceEach(Pattern names, Replacement replacement) throws ModelFormatException {
        Map<String, SourceTensor> all = new LinkedHashMap<>();
        Map<String, SourceTensor> before = new LinkedHashMap<>(tensors);
        for (SourceTensor tensor : before.values()) {
            Matcher name = names.matcher(tensor.name());
            List<SourceTensor> put = name.matches() ? replacement.of(tensor, name) : List.of(tensor);
            put.forEach(one -> all.put(one.name(), one));
        }
        tensors.clear();
        tensors.putAll(all);
        if (names == FIRST_OF_THREE) {
            tensors.keySet().removeIf(name -> name.matches("blk\\.\\d+\\.attn_[qkv]\\.(weight|bias)"));
        }
    }

    /** The fused projection of a layer, found by its first part. */
    private List<SourceTensor> joined(SourceTensor first, Matcher name) throws ModelFormatException {
        List<SourceTensor> parts = new ArrayList<>();
        for (String part : List.of("q.", "k.", "v.")) {
            SourceTensor tensor = tensors.get(name.group(1) + part + name.group(2));
            if (tensor == null) {
                throw new ModelFormatException(file.path() + ": tensor " + name.group(1) + part + name.group(2)
                        + " is missing, but " + first.name() + " is there");
            }
            parts.add(tensor);
        }
        if (first.vector()) {
            throw new ModelFormatException(file.path() + ": tensor " + first.name() + ": Baichuan models have no biases");
        }
        return List.of(new SourceTensor(name.group(1) + "qkv." + name.group(2), first.type(),
                new StackedRows(parts.stream().map(SourceTensor::values).toList()), false,
                parts.stream().mapToLong(SourceTensor::bytes).sum()));
    }

    private List<SourceTensor> parts(SourceTensor fused, Matcher name) throws ModelFormatException {
        int[] rows = {keys.heads() * keys.headSize(), keys.keyHeads() * keys.headSize(), keys.keyHeads() * keys.headSize()};
        MatrixShape shape = fused.values().shape();
        requireRows(fused, fused.vector() ? shape.columns() : shape.rows(), rows[0] + rows[1] + rows[2]);
        List<SourceTensor> parts = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < 3; i++) {
            int start = first;
            FloatMatrix values = fused.vector() ? HeldVector.of(fused.values()).reordered(rows[i], row -> start + row)
                    : ReorderedRows.slice(fused.values(), start, rows[i]);
            parts.add(new SourceTensor(name.group(1) + "qkv".charAt(i) + "." + name.group(2), fused.type(), values,
                    fused.vector(), fused.bytes() * rows[i] / (rows[0] + rows[1] + rows[2])));
            first += rows[i];
        }
        return parts;
    }

    /** What a tensor is replaced by. */
    @FunctionalInterface
    private interface Replacement {

        List<SourceTensor> of(SourceTensor tensor, Matcher name) throws ModelFormatException;
    }
}
