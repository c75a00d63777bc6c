package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;

/** Finds the tensors of a model by their names and checks their shapes. */
final class ModelReader {

    /** Tables that some converters write and that say nothing the keys do not. */
    private static final Pattern IGNORED = Pattern.compile("blk\\.\\d+\\.(attn_rot_embd|rope_freqs)\\.weight");
    private static final String ROPE_FACTORS = "rope_freqs.weight";
    /** As published: a row of a normalized head is divided by at least that. */
    private static final float SHORTEST_ROW = 1e-12f;

    private final Weights weights;
    private final Arena arena;
    private final ModelFile file;
    private final Architecture architecture;
    private final ModelShape shape;
    private final Set<String> used = new HashSet<>();

    ModelReader(Weights weights, Arena arena) throws ModelFormatException {
        this.weights = weights;
        this.arena = arena;
        this.file = weights.file();
        this.architecture = Architecture.of(file);
        this.shape = ModelShape.of(new Keys(file), architecture, weights.matrix("token_embd.weight").shape().rows());
    }

    Model read() throws ModelFormatException {
        WeightMatrix embedding = matrix("token_embd.weight", shape.vocabulary(), shape.width());
        MemorySegment norm = vector("output_norm.weight", shape.width());
        boolean tied = !weights.has("output.weight");
        WeightMatrix head = tied ? embedding : matrix("output.weight", shape.vocabulary(), shape.width());
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            layers.add(layer("blk." + i + "."));
        }
        Rope rope = Rope.of(new Keys(file), shape.headSize(), file.text(ModelFile.ROPE_PAIRING), ropeFactors());
        refuseUnknown();
        boolean normalized = file.flag(ModelFile.NORMALIZED_HEAD).orElse(false);
        float[] lengths = normalized ? rowLengths(weights.floats(tied ? "token_embd.weight" : "output.weight")) : new float[0];
        return new Model(weights, shape, rope, List.copyOf(layers), embedding, norm, new WeightMatrix[] {head}, lengths);
    }

    private Layer layer(String prefix) throws ModelFormatException {
        int width = shape.width();
        WeightMatrix[] gateUp = {matrix(prefix + "ffn_gate.weight", shape.hidden(), width),
            matrix(prefix + "ffn_up.weight", shape.hidden(), width)};
        boolean fused = weights.has(prefix + "attn_qkv.weight");
        return new Layer(vector(prefix + "attn_norm.weight", width),
                fused ? fusedProjections(prefix) : projections(prefix), fused ? fusedBiases(prefix) : biases(prefix),
                headNorm(prefix + "attn_q_norm.weight"), headNorm(prefix + "attn_k_norm.weight"),
                new WeightMatrix[] {matrix(prefix + "attn_output.weight", width, shape.queryColumns())},
                optional(prefix + "attn_output.bias", width), vector(prefix + "ffn_norm.weight", width), gateUp,
                new WeightMatrix[] {matrix(prefix + "ffn_down.weight", width, shape.hidden())});
    }

    private WeightMatrix[] projections(String prefix) throws ModelFormatException {
        return new WeightMatrix[] {matrix(prefix + "attn_q.weight", shape.queryColumns(), shape.width()),
            matrix(prefix + "attn_k.weight", shape.keyColumns(), shape.width()),
            matrix(prefix + "attn_v.weight", shape.keyColumns(), shape.width())};
    }

    private WeightMatrix[] fusedProjections(String prefix) throws ModelFormatException {
        int queries = shape.queryColumns();
        int keys = shape.keyColumns();
        WeightMatrix all = matrix(prefix + "attn_qkv.weight", queries + 2 * keys, shape.width());
        return new WeightMatrix[] {all.rows(new RowRange(0, queries)), all.rows(new RowRange(queries, queries + keys)),
            all.rows(new RowRange(queries + keys, queries + 2 * keys))};
    }

    private MemorySegment[] biases(String prefix) throws ModelFormatException {
        boolean needed = architecture.biases() == Architecture.Biases.ALWAYS;
        int[] sizes = {shape.queryColumns(), shape.keyColumns(), shape.keyColumns()};
        String[] names = {"attn_q.bias", "attn_k.bias", "attn_v.bias"};
        MemorySegment[] found = new MemorySegment[3];
        for (int i = 0; i < 3; i++) {
            found[i] = needed ? vector(prefix + names[i], sizes[i]) : optional(prefix + names[i], sizes[i]);
        }
        return found;
    }

    private MemorySegment[] fusedBiases(String prefix) throws ModelFormatException {
        long queries = 4L * shape.queryColumns();
        long keys = 4L * shape.keyColumns();
        MemorySegment all = optional(prefix + "attn_qkv.bias", shape.queryColumns() + 2 * shape.keyColumns());
        return all == Layer.NONE ? new MemorySegment[] {all, all, all}
                : new MemorySegment[] {all.asSlice(0, queries), all.asSlice(queries, keys), all.asSlice(queries + keys, keys)};
    }

    private MemorySegment headNorm(String name) throws ModelFormatException {
        return architecture.headNorms() ? vector(name, shape.headSize()) : Layer.NONE;
    }

    private float[] ropeFactors() throws ModelFormatException {
        if (!weights.has(ROPE_FACTORS)) {
            return new float[0];
        }
        used.add(ROPE_FACTORS);
        return weights.vector(ROPE_FACTORS, Rope.columns(new Keys(file), shape.headSize()) / 2);
    }

    private WeightMatrix matrix(String name, int rows, int columns) throws ModelFormatException {
        WeightMatrix matrix = weights.matrix(name);
        MatrixShape found = matrix.shape();
        if (found.rows() != rows || found.columns() != columns) {
            throw new ModelFormatException(file.path() + ": tensor " + name + " is " + found.rows() + " x " + found.columns()
                    + ", but the keys of the file ask for " + rows + " x " + columns);
        }
        used.add(name);
        return matrix;
    }

    private MemorySegment vector(String name, int length) throws ModelFormatException {
        MemorySegment vector = arena.allocate(4L * length, 64);
        MemorySegment.copy(weights.vector(name, length), 0, vector, ValueLayout.JAVA_FLOAT, 0, length);
        used.add(name);
        return vector;
    }

    private MemorySegment optional(String name, int length) throws ModelFormatException {
        return weights.has(name) ? vector(name, length) : Layer.NONE;
    }

    /** A tensor that this architecture does not use means another kind of model: its answers would be silently wrong. */
    private void refuseUnknown() throws ModelFormatException {
        for (String name : file.tensors().keySet()) {
            if (!used.contains(name) && !IGNORED.matcher(name).matches()) {
                throw new ModelFormatException(file.path() + ": tensor " + name + " is not known in a model of architecture "
                        + architecture.name() + " with " + shape.layers() + " layers; this kind of model is not supported");
            }
        }
    }

    private float[] rowLengths(FloatMatrix head) {
        float[] lengths = new float[shape.vocabulary()];
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment row = scratch.allocate(4L * shape.width(), 64);
            for (int r = 0; r < lengths.length; r++) {
                head.read(new RowRange(r, r + 1), row);
                double squares = 0;
                for (int c = 0; c < shape.width(); c++) {
                    double value = row.getAtIndex(ValueLayout.JAVA_FLOAT, c);
                    squares += value * value;
                }
                lengths[r] = Math.max(SHORTEST_ROW, (float) Math.sqrt(squares));
            }
        }
        return lengths;
    }
}
