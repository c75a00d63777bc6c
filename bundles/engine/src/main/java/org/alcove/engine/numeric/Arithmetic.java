package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;

/**
 * The float32 arithmetic of a forward pass that is not a product with weights. {@code docs/numerics.md} specifies each operation
 * bit by bit; every implementation gives the same. Stateless. Positions ({@code at}) and counts are in floats; segments are
 * in native byte order and aligned to 4.
 */
public interface Arithmetic {

    /** The operations in plain Java: the specification. */
    static Arithmetic plain() {
        return new PlainArithmetic();
    }

    /** The quickest implementation that this virtual machine runs. */
    static Arithmetic best() {
        return VectorSupport.isUsable() ? new VectorArithmetic() : new PlainArithmetic();
    }

    /** RMSNorm: {@code to[i] = from[i] / sqrt(mean(from²) + epsilon) * weights[i]}; {@code from} and {@code to} may be one. */
    void normalize(MemorySegment from, MemorySegment to, long at, int count, MemorySegment weights, float epsilon);

    /** {@code target[i] += source[i]}. */
    void add(MemorySegment target, long targetAt, MemorySegment source, long sourceAt, int count);

    /** {@code gate[i] = silu(gate[i]) * up[i]}. */
    void gate(MemorySegment gate, MemorySegment up, long at, int count);

    /** {@code target[i] = exp((source[i] - shift) / divisor)}. */
    void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor);

    /** The largest value; any value where one is not a number. */
    float max(MemorySegment values, int count);

    /** Whether all values are finite. */
    boolean isFinite(MemorySegment values, int count);

    /** Scaled products of a query with the keys of a tile, minus infinity outside its bounds. Returns the largest. */
    float scores(Tile tile);

    /** Turns scores into {@code exp(score - max)} and returns their sum. */
    float weigh(Tile tile, float max);

    /** Values of the tile, weighted and added. */
    void values(Tile tile);

    /** {@code total[i] = total[i] * keep + values[i] * take}. */
    void merge(Tile tile, float keep, float take);
}
