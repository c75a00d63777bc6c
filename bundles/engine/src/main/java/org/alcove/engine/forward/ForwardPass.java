package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.api.kernel.RowRange;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.engine.numeric.PageArena;
import org.alcove.engine.numeric.Rotation;
import org.alcove.weights.KernelLease;

/**
 * Computes the tokens of a {@link Plan}: writes their keys and values to the cache and hands out the logits that are wanted.
 * One lease covers one layer, so a kernel may change between layers. If none is left, {@link #run} ends with the lease's
 * exception, and the same plan may be run again: everything it had written will be written again with the same bits.
 *
 * <p>Used by one thread, which is member 0 of the team. A transformer layer is, with h = RMSNorm(x):
 * {@code x += Wo · attention(rotate(Wq·h), rotate(Wk·h), Wv·h)}, then {@code x += Wdown · (silu(Wgate·h) * (Wup·h))}.
 */
public final class ForwardPass implements AutoCloseable {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    /** Logits are computed for that many tokens at a time. */
    private static final int LOGIT_ROWS = 32;

    private final Model model;
    private final ModelShape shape;
    private final Team team;
    private final Arithmetics arithmetics;
    private final Arena arena = new PageArena();
    private final Attention attention;
    private final Products products;
    private final Team.Task attentionNorm = this::attentionNorm;
    private final Team.Task rotating = this::rotateAndStore;
    private final Team.Task feedForwardNorm = this::feedForwardNorm;
    private final Team.Task gating = this::gate;
    private final Team.Task addingLast = this::addFeedForward;

    /** (tokens, width): what goes from layer to layer. */
    private final MemorySegment x;
    /** Each token's part of {@link #x}. */
    private final MemorySegment[] xRows;
    /** (tokens, width): normalized. */
    private final MemorySegment h;
    /** (tokens, width): what a block adds. */
    private final MemorySegment addition;
    /** (tokens, heads, headSize), then (tokens, key heads, headSize) twice. */
    private final MemorySegment[] qkv;
    /** (tokens, hidden), twice. */
    private final MemorySegment[] gateUp;
    private final RopeRows ropeRows;
    private final Rotation rotation;
    /** (LOGIT_ROWS, vocabulary). */
    private final MemorySegment logits;
    private final MemorySegment[] additions;
    private final MemorySegment[] logitTargets;

    /** Held for a step: whatever is chosen meanwhile, it ends on what it began with. */
    private Arithmetic arithmetic;
    private Plan plan;
    private int layerIndex;
    private Layer layer;

    /** Allocates the buffers for plans of up to {@code tokens} tokens. */
    public ForwardPass(Model model, KvCache cache, Team team, Arithmetics arithmetics, int tokens) {
        this.model = model;
        this.shape = model.shape();
        this.team = team;
        this.arithmetics = arithmetics;
        attention = new Attention(cache, shape, team, tokens);
        products = new Products(team);
        try {
            x = floats(tokens, shape.width());
            xRows = new MemorySegment[tokens];
            for (int t = 0; t < tokens; t++) {
                xRows[t] = x.asSlice(4L * shape.width() * t, 4L * shape.width());
            }
            h = floats(tokens, shape.width());
            addition = floats(tokens, shape.width());
            additions = new MemorySegment[] {addition};
            qkv = attention.projections();
            gateUp = new MemorySegment[] {floats(tokens, shape.hidden()), floats(tokens, shape.hidden())};
            ropeRows = new RopeRows(model.rope(), arena);
            rotation = model.rope().rotation(floats(tokens, model.rope().rowFloats()));
            logits = floats(Math.min(tokens, LOGIT_ROWS), shape.vocabulary());
            logitTargets = new MemorySegment[] {logits};
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private MemorySegment floats(int rows, int columns) {
        return arena.allocate(4L * rows * columns, 64);
    }

    /**
     * Computes a plan.
     *
     * @throws org.alcove.weights.KernelUnavailableException if a format has no kernel (any more)
     * @throws org.alcove.weights.KernelFaultException if a kernel threw
     * @throws IllegalStateException if a file of the weights was cut short since they were mapped
     */
    public void run(Plan stepPlan, LogitsReader reader) {
        model.weights().requireIntact();
        arithmetic = arithmetics.hold();
        try (KernelLease lease = model.weights().lease()) {
            begin(stepPlan, lease);
            layers(lease, 0, Long.MAX_VALUE);
            output(lease, reader);
        } finally {
            arithmetics.release(arithmetic);
        }
    }

    /**
     * Computes layers from one on until some time has passed, and the head after the last, so that code, libraries and weights
     * are there when the first request comes, without having it wait for all of a large model. Nothing of it is to be used.
     *
     * @param from of the layers, the one to begin with
     * @return the layer to go on with; 0 after the head
     * @throws org.alcove.weights.KernelUnavailableException if a format has no kernel
     */
    public int warmUp(Plan stepPlan, int from, long nanos) {
        model.weights().requireIntact();
        arithmetic = arithmetics.hold();
        try (KernelLease lease = model.weights().lease()) {
            begin(stepPlan, lease);
            layers(lease, from, nanos);
            if (layerIndex < shape.layers()) {
                return layerIndex;
            }
            output(lease, (first, rows, nothing, unused) -> { });
            return 0;
        } finally {
            arithmetics.release(arithmetic);
        }
    }

    private void begin(Plan stepPlan, KernelLease lease) {
        plan = stepPlan;
        attention.begin(plan, arithmetic);
        for (int t = 0; t < plan.tokens(); t++) {
            int id = plan.ids[t];
            lease.unpack(model.embedding(), new RowRange(id, id + 1), xRows[t]);
            ropeRows.copy(plan.positions[t], rotation.table(), t);
        }
    }

    private void layers(KernelLease lease, int from, long nanos) {
        long start = System.nanoTime();
        for (layerIndex = from; layerIndex < shape.layers() && System.nanoTime() - start < nanos; layerIndex++) {
            layer = model.layers().get(layerIndex);
            lease.renew();
            attend(lease);
            feedForward(lease);
        }
        tokens(addingLast);
    }

    private void attend(KernelLease lease) {
        products.multiply(lease, layer.qkv(), attentionNorm, h, plan.tokens(), qkv);
        tokens(rotating);
        attention.run(layerIndex);
        products.multiply(lease, layer.output(), Products.NOTHING, attention.result(), plan.tokens(), additions);
    }

    private void feedForward(KernelLease lease) {
        products.multiply(lease, layer.gateUp(), feedForwardNorm, h, plan.tokens(), gateUp);
        products.multiply(lease, layer.down(), gating, gateUp[0], plan.tokens(), additions);
    }

    /** Splits the tokens over the team. */
    private void tokens(Team.Task task) {
        team.runSimple(plan.tokens(), shape.width(), task);
    }

    private void attentionNorm(int member, int first, int end) {
        if (layerIndex > 0) {
            addFeedForward(member, first, end);
        }
        arithmetic.normalize(x, h, first, end - first, layer.attentionNorm(), shape.epsilon());
    }

    private void rotateAndStore(int member, int first, int end) {
        for (int i = 0; i < qkv.length; i++) {
            if (layer.qkvBiases()[i] != Layer.NONE) {
                arithmetic.addRow(qkv[i], first, end - first, layer.qkvBiases()[i]);
            }
        }
        rotate(qkv[0], first, end, shape.heads(), layer.queryNorm());
        rotate(qkv[1], first, end, shape.keyHeads(), layer.keyNorm());
        attention.store(layerIndex, first, end);
    }

    private void rotate(MemorySegment memory, int first, int end, int heads, MemorySegment norm) {
        if (norm != Layer.NONE) {
            arithmetic.normalize(memory, memory, first * heads, (end - first) * heads, norm, shape.epsilon());
        }
        arithmetic.rotate(memory, heads, shape.headSize(), first, end - first, rotation);
    }

    private void feedForwardNorm(int member, int first, int end) {
        if (layer.outputBias() != Layer.NONE) {
            arithmetic.addRow(addition, first, end - first, layer.outputBias());
        }
        int width = shape.width();
        arithmetic.add(x, addition, (long) first * width, (end - first) * width);
        arithmetic.normalize(x, h, first, end - first, layer.feedForwardNorm(), shape.epsilon());
    }

    private void gate(int member, int first, int end) {
        arithmetic.gate(gateUp[0], gateUp[1], (long) first * shape.hidden(), (end - first) * shape.hidden());
    }

    /** Adds what the block before gave; done when the next one begins, which needs it, and after the last. */
    private void addFeedForward(int member, int first, int end) {
        arithmetic.add(x, addition, (long) first * shape.width(), (end - first) * shape.width());
    }

    private void output(KernelLease lease, LogitsReader reader) {
        int width = shape.width();
        for (int first = 0; first < plan.outputs(); first += LOGIT_ROWS) {
            int rows = Math.min(LOGIT_ROWS, plan.outputs() - first);
            for (int r = 0; r < rows; r++) {
                MemorySegment.copy(x, 4L * width * plan.outputs[first + r], addition, 4L * width * r, 4L * width);
            }
            arithmetic.normalize(addition, h, 0, rows, model.norm(), shape.epsilon());
            lease.renew();
            products.multiply(lease, model.head(), Products.NOTHING, h, rows, logitTargets);
            float[] lengths = model.headLengths();
            for (long i = 0; lengths.length > 0 && i < (long) rows * shape.vocabulary(); i++) {
                logits.setAtIndex(FLOAT, i, logits.getAtIndex(FLOAT, i) / lengths[(int) (i % lengths.length)]);
            }
            reader.read(first, rows, logits, arithmetic);
        }
    }

    @Override
    public void close() {
        products.close();
        attention.close();
        arena.close();
    }
}
