package org.alcove.engine.forward;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.engine.KvType;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.weights.Weights;

/** Computes the logits of one sequence, cut into chunks. */
public final class LogitsTap implements AutoCloseable {

    private static final int MOST = 512;

    private final Arena arena = Arena.ofShared();
    private final Weights weights;
    private final Model model;
    private final Team team;
    private final KvCache cache;
    private final ForwardPass forward;

    public LogitsTap(Weights weights, Arithmetics arithmetics, int threads) throws IOException {
        this(weights, arithmetics, threads, KvType.F32);
    }

    public LogitsTap(Weights weights, Arithmetics arithmetics, int threads, KvType kvType) throws IOException {
        this.weights = weights;
        this.model = Model.of(weights, arena);
        this.team = new Team("test", threads);
        this.cache = new KvCache(model.shape().cacheLayout(kvType), KvCache.blocksFor(MOST));
        this.forward = new ForwardPass(model, cache, team, arithmetics, MOST);
    }

    /** Logits after each token, computed in chunks of that many tokens. */
    public float[][] logits(int[] tokens, int chunk) {
        return logits(tokens, chunk, () -> { });
    }

    /** @param reading done whenever logits come, in the middle of a step */
    float[][] logits(int[] tokens, int chunk, Runnable reading) {
        int[] blocks = new int[KvCache.blocksFor(tokens.length)];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = cache.take();
        }
        float[][] all = new float[tokens.length][];
        Plan plan = new Plan(MOST);
        for (int from = 0; from < tokens.length; from += chunk) {
            plan.clear();
            for (int t = from; t < Math.min(tokens.length, from + chunk); t++) {
                plan.add(tokens[t], t, blocks, true);
            }
            int start = from;
            long bytes = 4L * model.shape().vocabulary();
            forward.run(plan, (first, rows, logits, arithmetic) -> {
                reading.run();
                for (int r = 0; r < rows; r++) {
                    MemorySegment row = logits.asSlice(r * bytes, bytes);
                    all[start + first + r] = row.toArray(ValueLayout.JAVA_FLOAT);
                }
            });
        }
        for (int block : blocks) {
            cache.release(block);
        }
        return all;
    }

    @Override
    public void close() {
        team.close();
        forward.close();
        cache.close();
        arena.close();
        weights.close();
    }
}
