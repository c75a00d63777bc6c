package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;

/**
 * The float32 arithmetic of a forward pass that is not a product with weights. {@code docs/numerics.md} specifies each operation
 * bit by bit; every implementation gives the same. Stateless. Positions ({@code at}) and counts are in floats; segments are
 * in native byte order and aligned to 4. Operations take ranges of rows or tokens, so that a step calls few of them.
 */
public interface Arithmetic {

    /** The operations in plain Java: the specification. */
    static Arithmetic plain() {
        return new PlainArithmetic();
    }

    /** By the Java Vector API where this virtual machine has it, else plainly. */
    static Arithmetic java() {
        return VectorSupport.isUsable() ? new VectorArithmetic() : new PlainArithmetic();
    }

    /**
     * RMSNorm of rows, each as long as {@code weights}: {@code to[i] = from[i] / sqrt(mean(from²) + epsilon) * weights[i]};
     * {@code from} and {@code to} may be one.
     */
    void normalize(MemorySegment from, MemorySegment to, int firstRow, int rows, MemorySegment weights, float epsilon);

    /** {@code target[i] += source[i]}. */
    void add(MemorySegment target, MemorySegment source, long at, int count);

    /** Adds one row to several of the same length. */
    void addRow(MemorySegment target, int firstRow, int rows, MemorySegment row);

    /** {@code gate[i] = silu(gate[i]) * up[i]}. */
    void gate(MemorySegment gate, MemorySegment up, long at, int count);

    /** {@code target[i] = exp((source[i] - shift) / divisor)}. */
    void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor);

    /** The largest value, of zeros any; any value where one is not a number. */
    float max(MemorySegment values, int count);

    /** Whether all values are finite. */
    boolean isFinite(MemorySegment values, int count);

    /** Rotates the heads of tokens: {@code vectors} is {@code [token][head][headSize]}. */
    void rotate(MemorySegment vectors, int heads, int headSize, int firstToken, int tokens, Rotation rotation);

    /** Writes new keys and values of tokens to their blocks. */
    void store(AttentionStep step, int layer, int firstToken, int tokens);

    /** Computes units of attention, with the scratch memory of that member. */
    void attend(AttentionStep step, int layer, int member, int firstUnit, int endUnit);
}
