package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations of {@link PlainArithmetic} by vectors of 128 to 512 bits. Where values do not meet, any width gives the same
 * bits; sums over sixteen virtual lanes are made in as many passes as it takes, each over the lanes of one vector.
 */
final class VectorArithmetic implements TileArithmetic {

    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    private static final int LENGTH = SPECIES.length();
    private static final int BYTES = 4 * LENGTH;

    private final PlainArithmetic plain = new PlainArithmetic();

    private static FloatVector load(MemorySegment memory, long at) {
        return FloatVector.fromMemorySegment(SPECIES, memory, at, NATIVE);
    }

    /** See {@link Exponential#of}; the same operations in the same order. */
    private static FloatVector exp(FloatVector x) {
        VectorMask<Float> tooLow = x.compare(VectorOperators.LT, Exponential.LOWEST);
        FloatVector bounded = x.blend(Exponential.HIGHEST, x.compare(VectorOperators.GT, Exponential.HIGHEST));
        FloatVector shifted = bounded.fma(Exponential.LOG2_E, Exponential.ROUNDER);
        FloatVector n = shifted.sub(Exponential.ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -Exponential.LN2_HIGH), bounded);
        r = n.fma(FloatVector.broadcast(SPECIES, -Exponential.LN2_LOW), r);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector p = r.fma(Exponential.C7, Exponential.C6);
        p = p.fma(r, FloatVector.broadcast(SPECIES, Exponential.C5));
        p = p.fma(r, FloatVector.broadcast(SPECIES, Exponential.C4));
        p = p.fma(r, FloatVector.broadcast(SPECIES, Exponential.C3));
        p = p.fma(r, FloatVector.broadcast(SPECIES, Exponential.C2));
        p = p.fma(r, one);
        p = p.fma(r, one);
        FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(127 << 23).reinterpretAsFloats();
        return p.mul(power).blend(0, tooLow);
    }

    @Override
    public void normalize(MemorySegment from, MemorySegment to, int firstRow, int rows, MemorySegment weights, float epsilon) {
        int width = Math.toIntExact(weights.byteSize() / Float.BYTES);
        for (int row = firstRow; row < firstRow + rows; row++) {
            normalizeRow(from, to, (long) row * width, weights, epsilon);
        }
    }

    private static void normalizeRow(MemorySegment from, MemorySegment to, long at, MemorySegment weights, float epsilon) {
        int count = Math.toIntExact(weights.byteSize() / Float.BYTES);
        float factor = PlainArithmetic.rootMeanSquareFactor(squares(from, at, count), count, epsilon);
        int whole = SPECIES.loopBound(count);
        for (int i = 0; i < whole; i += LENGTH) {
            load(from, 4 * (at + i)).mul(factor).mul(load(weights, 4L * i)).intoMemorySegment(to, 4 * (at + i), NATIVE);
        }
        for (int i = whole; i < count; i++) {
            float x = from.getAtIndex(PlainArithmetic.FLOAT, at + i);
            to.setAtIndex(PlainArithmetic.FLOAT, at + i, x * factor * weights.getAtIndex(PlainArithmetic.FLOAT, i));
        }
    }

    private static float squares(MemorySegment from, long at, int count) {
        float[] lanes = new float[PlainArithmetic.LANES];
        int whole = count & ~15;
        for (int part = 0; part < PlainArithmetic.LANES; part += LENGTH) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += PlainArithmetic.LANES) {
                FloatVector x = load(from, 4 * (at + i + part));
                sum = x.fma(x, sum);
            }
            sum.intoArray(lanes, part);
        }
        for (int i = whole; i < count; i++) {
            float x = from.getAtIndex(PlainArithmetic.FLOAT, at + i);
            lanes[i & 15] = Math.fma(x, x, lanes[i & 15]);
        }
        return PlainArithmetic.tree(lanes);
    }

    @Override
    public void add(MemorySegment target, MemorySegment source, long at, int count) {
        add(target, at, source, at, count);
    }

    @Override
    public void addRow(MemorySegment target, int firstRow, int rows, MemorySegment row) {
        int width = Math.toIntExact(row.byteSize() / Float.BYTES);
        for (int r = firstRow; r < firstRow + rows; r++) {
            add(target, (long) r * width, row, 0, width);
        }
    }

    private static void add(MemorySegment target, long targetAt, MemorySegment source, long sourceAt, int count) {
        int whole = SPECIES.loopBound(count);
        for (int i = 0; i < whole; i += LENGTH) {
            load(target, 4 * (targetAt + i)).add(load(source, 4 * (sourceAt + i)))
                    .intoMemorySegment(target, 4 * (targetAt + i), NATIVE);
        }
        for (int i = whole; i < count; i++) {
            float sum = target.getAtIndex(PlainArithmetic.FLOAT, targetAt + i)
                    + source.getAtIndex(PlainArithmetic.FLOAT, sourceAt + i);
            target.setAtIndex(PlainArithmetic.FLOAT, targetAt + i, sum);
        }
    }

    @Override
    public void gate(MemorySegment gate, MemorySegment up, long at, int count) {
        int whole = SPECIES.loopBound(count);
        for (int i = 0; i < whole; i += LENGTH) {
            long bytes = 4 * (at + i);
            FloatVector x = load(gate, bytes);
            x.div(exp(x.neg()).add(1)).mul(load(up, bytes)).intoMemorySegment(gate, bytes, NATIVE);
        }
        plain.gate(gate, up, at + whole, count - whole);
    }

    @Override
    public void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor) {
        int whole = SPECIES.loopBound(count);
        for (int i = 0; i < whole; i += LENGTH) {
            exp(load(source, 4L * i).sub(shift).div(divisor)).intoMemorySegment(target, 4L * i, NATIVE);
        }
        long rest = 4L * whole;
        plain.exponentials(source.asSlice(rest), target.asSlice(rest), count - whole, shift, divisor);
    }

    @Override
    public float max(MemorySegment values, int count) {
        int whole = SPECIES.loopBound(count);
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LENGTH) {
            max = max.max(load(values, 4L * i));
        }
        return Math.max(max.reduceLanes(VectorOperators.MAX), plain.max(values.asSlice(4L * whole), count - whole));
    }

    @Override
    public boolean isFinite(MemorySegment values, int count) {
        int whole = SPECIES.loopBound(count);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector x = load(values, 4L * i);
            sum = sum.add(x.sub(x));
        }
        return sum.eq(0).allTrue() && plain.isFinite(values.asSlice(4L * whole), count - whole);
    }

    @Override
    public void rotate(MemorySegment vectors, int heads, int headSize, int firstToken, int tokens, Rotation rotation) {
        plain.rotate(vectors, heads, headSize, firstToken, tokens, rotation);
    }

    @Override
    public void widen(KvNumbers numbers, MemorySegment plane, MemorySegment target, boolean keys) {
        VectorNumbers.widen(numbers, plane, target, keys);
    }

    @Override
    public float scores(Tile tile) {
        for (int key = 0; key < Tile.KEYS; key += 4 * LENGTH) {
            scores(tile, key);
        }
        MemorySegment scratch = tile.scratch;
        for (int key = 0; key < tile.first; key++) {
            scratch.setAtIndex(PlainArithmetic.FLOAT, key, Float.NEGATIVE_INFINITY);
        }
        for (int key = tile.end; key < Tile.KEYS; key++) {
            scratch.setAtIndex(PlainArithmetic.FLOAT, key, Float.NEGATIVE_INFINITY);
        }
        FloatVector max = load(scratch, 0);
        for (int key = LENGTH; key < Tile.KEYS; key += LENGTH) {
            max = max.max(load(scratch, 4L * key));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** Four vectors of keys: sums over the columns, ascending. */
    private static void scores(Tile tile, int key) {
        MemorySegment query = tile.query;
        MemorySegment block = tile.block;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long keys = 4 * (tile.keysAt + key);
        long queries = 4 * tile.rowAt;
        for (int i = 0; i < tile.headSize; i++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query.get(PlainArithmetic.FLOAT, queries + 4L * i));
            long at = keys + 4L * Tile.KEYS * i;
            s0 = q.fma(load(block, at), s0);
            s1 = q.fma(load(block, at + BYTES), s1);
            s2 = q.fma(load(block, at + 2 * BYTES), s2);
            s3 = q.fma(load(block, at + 3 * BYTES), s3);
        }
        MemorySegment scratch = tile.scratch;
        s0.mul(tile.scale).intoMemorySegment(scratch, 4L * key, NATIVE);
        s1.mul(tile.scale).intoMemorySegment(scratch, 4L * key + BYTES, NATIVE);
        s2.mul(tile.scale).intoMemorySegment(scratch, 4L * key + 2 * BYTES, NATIVE);
        s3.mul(tile.scale).intoMemorySegment(scratch, 4L * key + 3 * BYTES, NATIVE);
    }

    @Override
    public float weigh(Tile tile, float max) {
        MemorySegment scratch = tile.scratch;
        for (int part = 0; part < PlainArithmetic.LANES; part += LENGTH) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int key = part; key < Tile.KEYS; key += PlainArithmetic.LANES) {
                FloatVector weight = exp(load(scratch, 4L * key).sub(max));
                weight.intoMemorySegment(scratch, 4L * key, NATIVE);
                sum = sum.add(weight);
            }
            sum.intoMemorySegment(scratch, 4 * (Tile.LANES_AT + part), NATIVE);
        }
        return tree(scratch, 4 * Tile.LANES_AT);
    }

    /** Adds sixteen lanes as a tree: distance 8, 4, 2, 1. */
    private static float tree(MemorySegment memory, long bytes) {
        VectorSpecies<Float> four = FloatVector.SPECIES_128;
        FloatVector low = FloatVector.fromMemorySegment(four, memory, bytes, NATIVE)
                .add(FloatVector.fromMemorySegment(four, memory, bytes + 32, NATIVE));
        FloatVector high = FloatVector.fromMemorySegment(four, memory, bytes + 16, NATIVE)
                .add(FloatVector.fromMemorySegment(four, memory, bytes + 48, NATIVE));
        FloatVector sum = low.add(high);
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }

    @Override
    public void values(Tile tile) {
        int column = 0;
        for (; column + 4 * LENGTH <= tile.headSize; column += 4 * LENGTH) {
            fourValues(tile, column);
        }
        for (; column + LENGTH <= tile.headSize; column += LENGTH) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int key = tile.first; key < tile.end; key++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, tile.scratch.getAtIndex(PlainArithmetic.FLOAT, key));
                sum = weight.fma(load(tile.block, 4 * (tile.blockValuesAt + (long) key * tile.headSize + column)), sum);
            }
            sum.intoMemorySegment(tile.scratch, 4 * (Tile.VALUES_AT + column), NATIVE);
        }
        for (; column < tile.headSize; column++) {
            tile.scratch.setAtIndex(PlainArithmetic.FLOAT, Tile.VALUES_AT + column, PlainArithmetic.value(tile, column));
        }
    }

    private static void fourValues(Tile tile, int column) {
        MemorySegment scratch = tile.scratch;
        MemorySegment block = tile.block;
        FloatVector v0 = FloatVector.zero(SPECIES);
        FloatVector v1 = v0;
        FloatVector v2 = v0;
        FloatVector v3 = v0;
        long stride = 4L * tile.headSize;
        long values = 4 * (tile.blockValuesAt + column);
        for (int key = tile.first; key < tile.end; key++) {
            FloatVector weight = FloatVector.broadcast(SPECIES, scratch.get(PlainArithmetic.FLOAT, 4L * key));
            long at = values + key * stride;
            v0 = weight.fma(load(block, at), v0);
            v1 = weight.fma(load(block, at + BYTES), v1);
            v2 = weight.fma(load(block, at + 2 * BYTES), v2);
            v3 = weight.fma(load(block, at + 3 * BYTES), v3);
        }
        long target = 4 * (Tile.VALUES_AT + column);
        v0.intoMemorySegment(scratch, target, NATIVE);
        v1.intoMemorySegment(scratch, target + BYTES, NATIVE);
        v2.intoMemorySegment(scratch, target + 2 * BYTES, NATIVE);
        v3.intoMemorySegment(scratch, target + 3 * BYTES, NATIVE);
    }

    @Override
    public void merge(Tile tile, float keep, float take) {
        MemorySegment total = tile.total;
        int whole = SPECIES.loopBound(tile.headSize);
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector taken = load(tile.scratch, 4 * (Tile.VALUES_AT + i)).mul(take);
            long at = 4 * (tile.rowAt + i);
            load(total, at).fma(FloatVector.broadcast(SPECIES, keep), taken).intoMemorySegment(total, at, NATIVE);
        }
        for (int i = whole; i < tile.headSize; i++) {
            PlainArithmetic.mergeColumn(tile, i, keep, take);
        }
    }

    @Override
    public String toString() {
        return "vector";
    }
}
