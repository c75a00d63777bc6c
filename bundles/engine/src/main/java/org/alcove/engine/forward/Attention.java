package org.alcove.engine.forward;

import java.lang.foreign.MemorySegment;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.AttentionStep;
import org.alcove.engine.numeric.Tile;

/**
 * Attention of a step's tokens to everything before them, tile by tile, units of work split over the team by their cost. A
 * tile's result depends on the token and the tile alone, and tiles are combined in ascending order, so that it does not matter
 * how a prompt was cut into steps, nor how the work is cut into units.
 */
final class Attention implements AutoCloseable {

    private final KvCache cache;
    private final ModelShape shape;
    private final Team team;
    private final AttentionStep step;
    private final Team.Task task = this::units;
    private Arithmetic arithmetic;
    private int layer;

    Attention(KvCache cache, ModelShape shape, Team team, int tokens) {
        this.cache = cache;
        this.shape = shape;
        this.team = team;
        this.step = new AttentionStep(cache.layout(), shape.heads(), shape.window(), tokens, team.size());
    }

    /** Queries, then new keys, then new values: {@code [token][head][column]}. */
    MemorySegment[] projections() {
        return new MemorySegment[] {step.queries(), step.keys(), step.values()};
    }

    /** What comes of it: {@code [token][head][column]}. */
    MemorySegment result() {
        return step.result();
    }

    /** Takes the tokens of a step, and what to compute them with. */
    void begin(Plan plan, Arithmetic stepArithmetic) {
        arithmetic = stepArithmetic;
        step.begin(plan.tokens(), plan.positions, plan.blocks, cache.blocks());
    }

    /** Writes keys and values of tokens to the cache. */
    void store(int layerIndex, int first, int end) {
        arithmetic.store(step, layerIndex, first, end - first);
    }

    /** Computes one layer's attention. */
    void run(int layerIndex) {
        layer = layerIndex;
        int cost = step.cost();
        team.run(cost, 1, 1 + (int) ((long) cost * Tile.KEYS * shape.headSize() / Products.WORTH_A_MEMBER), task);
    }

    private void units(int member, int first, int end) {
        arithmetic.attend(step, layer, member, step.unitAt(first), step.unitAt(end));
    }

    @Override
    public void close() {
        step.close();
    }
}
