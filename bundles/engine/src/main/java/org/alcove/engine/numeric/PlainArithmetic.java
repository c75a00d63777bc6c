package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The specification of {@code docs/numerics.md} sections 4 to 7, one value after the other. */
final class PlainArithmetic implements TileArithmetic {

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    static final int LANES = 16;

    @Override
    public void normalize(MemorySegment from, MemorySegment to, int firstRow, int rows, MemorySegment weights, float epsilon) {
        int width = Math.toIntExact(weights.byteSize() / Float.BYTES);
        for (int row = firstRow; row < firstRow + rows; row++) {
            normalizeRow(from, to, (long) row * width, weights, epsilon);
        }
    }

    private static void normalizeRow(MemorySegment from, MemorySegment to, long at, MemorySegment weights, float epsilon) {
        int width = Math.toIntExact(weights.byteSize() / Float.BYTES);
        float[] lanes = new float[LANES];
        for (int i = 0; i < width; i++) {
            float x = from.getAtIndex(FLOAT, at + i);
            lanes[i & 15] = Math.fma(x, x, lanes[i & 15]);
        }
        float factor = rootMeanSquareFactor(tree(lanes), width, epsilon);
        for (int i = 0; i < width; i++) {
            float x = from.getAtIndex(FLOAT, at + i);
            to.setAtIndex(FLOAT, at + i, x * factor * weights.getAtIndex(FLOAT, i));
        }
    }

    static float rootMeanSquareFactor(float squares, int count, float epsilon) {
        // The root of a double is rounded to float once more, which for a square root gives the correctly rounded float.
        return 1 / (float) Math.sqrt(squares / count + epsilon);
    }

    /** Adds sixteen lanes as a tree: distance 8, 4, 2, 1. Destroys them. */
    static float tree(float[] lanes) {
        for (int distance = LANES / 2; distance > 0; distance >>= 1) {
            for (int i = 0; i < distance; i++) {
                lanes[i] += lanes[i + distance];
            }
        }
        return lanes[0];
    }

    @Override
    public void add(MemorySegment target, MemorySegment source, long at, int count) {
        for (int i = 0; i < count; i++) {
            target.setAtIndex(FLOAT, at + i, target.getAtIndex(FLOAT, at + i) + source.getAtIndex(FLOAT, at + i));
        }
    }

    @Override
    public void addRow(MemorySegment target, int firstRow, int rows, MemorySegment row) {
        int width = Math.toIntExact(row.byteSize() / Float.BYTES);
        for (int r = firstRow; r < firstRow + rows; r++) {
            for (int i = 0; i < width; i++) {
                long at = (long) r * width + i;
                target.setAtIndex(FLOAT, at, target.getAtIndex(FLOAT, at) + row.getAtIndex(FLOAT, i));
            }
        }
    }

    @Override
    public void gate(MemorySegment gate, MemorySegment up, long at, int count) {
        for (int i = 0; i < count; i++) {
            float x = gate.getAtIndex(FLOAT, at + i);
            gate.setAtIndex(FLOAT, at + i, x / (1 + Exponential.of(-x)) * up.getAtIndex(FLOAT, at + i));
        }
    }

    @Override
    public void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor) {
        for (int i = 0; i < count; i++) {
            target.setAtIndex(FLOAT, i, Exponential.of((source.getAtIndex(FLOAT, i) - shift) / divisor));
        }
    }

    @Override
    public float max(MemorySegment values, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, values.getAtIndex(FLOAT, i));
        }
        return max;
    }

    @Override
    public boolean isFinite(MemorySegment values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values.getAtIndex(FLOAT, i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void rotate(MemorySegment vectors, int heads, int headSize, int firstToken, int tokens, Rotation rotation) {
        int pairs = rotation.pairs();
        for (int t = firstToken; t < firstToken + tokens; t++) {
            for (int head = 0; head < heads; head++) {
                rotateHead(vectors, ((long) t * heads + head) * headSize, (long) t * 2 * pairs, rotation);
            }
        }
    }

    private static void rotateHead(MemorySegment vectors, long at, long row, Rotation rotation) {
        int pairs = rotation.pairs();
        int step = rotation.halves() ? 1 : 2;
        int other = rotation.halves() ? pairs : 1;
        for (int i = 0; i < pairs; i++) {
            long first = at + (long) i * step;
            float a = vectors.getAtIndex(FLOAT, first);
            float b = vectors.getAtIndex(FLOAT, first + other);
            float cos = rotation.table().getAtIndex(FLOAT, row + i);
            float sin = rotation.table().getAtIndex(FLOAT, row + pairs + i);
            vectors.setAtIndex(FLOAT, first, Math.fma(a, cos, -(b * sin)));
            vectors.setAtIndex(FLOAT, first + other, Math.fma(b, cos, a * sin));
        }
    }

    @Override
    public void widen(KvNumbers numbers, MemorySegment plane, MemorySegment target, boolean keys) {
        numbers.widen(plane, target, keys);
    }

    @Override
    public float scores(Tile tile) {
        float max = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < Tile.KEYS; key++) {
            float score = Float.NEGATIVE_INFINITY;
            if (key >= tile.first && key < tile.end) {
                float sum = 0;
                for (int i = 0; i < tile.headSize; i++) {
                    sum = Math.fma(tile.query.getAtIndex(FLOAT, tile.rowAt + i),
                            tile.block.getAtIndex(FLOAT, tile.keysAt + (long) i * Tile.KEYS + key), sum);
                }
                score = sum * tile.scale;
                max = Math.max(max, score);
            }
            tile.scratch.setAtIndex(FLOAT, key, score);
        }
        return max;
    }

    @Override
    public float weigh(Tile tile, float max) {
        float[] lanes = new float[LANES];
        for (int key = 0; key < Tile.KEYS; key++) {
            float weight = Exponential.of(tile.scratch.getAtIndex(FLOAT, key) - max);
            tile.scratch.setAtIndex(FLOAT, key, weight);
            lanes[key & 15] += weight;
        }
        return tree(lanes);
    }

    @Override
    public void values(Tile tile) {
        for (int i = 0; i < tile.headSize; i++) {
            tile.scratch.setAtIndex(FLOAT, Tile.VALUES_AT + i, value(tile, i));
        }
    }

    /** One column of the weighted values: keys ascending. */
    static float value(Tile tile, int column) {
        float sum = 0;
        for (int key = tile.first; key < tile.end; key++) {
            sum = Math.fma(tile.scratch.getAtIndex(FLOAT, key),
                    tile.block.getAtIndex(FLOAT, tile.blockValuesAt + (long) key * tile.headSize + column), sum);
        }
        return sum;
    }

    @Override
    public void merge(Tile tile, float keep, float take) {
        for (int i = 0; i < tile.headSize; i++) {
            mergeColumn(tile, i, keep, take);
        }
    }

    static void mergeColumn(Tile tile, int column, float keep, float take) {
        float taken = tile.scratch.getAtIndex(FLOAT, Tile.VALUES_AT + column) * take;
        float total = tile.total.getAtIndex(FLOAT, tile.rowAt + column);
        tile.total.setAtIndex(FLOAT, tile.rowAt + column, Math.fma(total, keep, taken));
    }

    @Override
    public String toString() {
        return "plain";
    }
}
