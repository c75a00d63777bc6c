package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.alcove.api.kernel.RowRange;

/** The specification as code: nothing here is clever. */
public final class ReferenceArithmetic implements IntegerArithmetic {

    /** Below this, {@code 127 / amax} would overflow; a group that small counts as zeros. */
    static final float SMALLEST = 0x1p-118f;

    @Override
    public long scratchBytes(int tokens) {
        return 0;
    }

    @Override
    public void quantize(MemorySegment floats, int first, Activations x) {
        PreparedLayout layout = x.layout();
        for (int token = first; token < x.tokens(); token++) {
            long source = 4L * token * layout.columns();
            for (int group = 0; group < layout.groups(); group++) {
                quantizeGroup(floats, source, x, token, group);
            }
            x.memory().asSlice(layout.codes(token) + layout.columns(), layout.padding()).fill((byte) 0);
        }
    }

    private static void quantizeGroup(MemorySegment floats, long source, Activations x, int token, int group) {
        PreparedLayout layout = x.layout();
        float amax = 0;
        boolean finite = true;
        for (int column = layout.start(group); column < layout.end(group); column++) {
            float value = floats.get(JAVA_FLOAT_UNALIGNED, source + 4L * column);
            finite &= Float.isFinite(value);
            amax = Math.max(amax, Math.abs(value));
        }
        boolean zeros = !finite || amax < SMALLEST;
        float inverse = 127 / amax;
        int sum = 0;
        for (int column = layout.start(group); column < layout.end(group); column++) {
            float value = floats.get(JAVA_FLOAT_UNALIGNED, source + 4L * column);
            int code = zeros ? 0 : (int) Math.rint(value * inverse);
            x.memory().set(JAVA_BYTE, layout.codes(token) + column, (byte) code);
            sum += code;
        }
        float scale = zeros ? 0 : amax / 127;
        x.memory().set(JAVA_FLOAT_UNALIGNED, layout.scales(token) + 4L * group, finite ? scale : Float.NaN);
        x.memory().set(JAVA_INT_UNALIGNED, layout.sums(token) + 4L * group, sum);
    }

    @Override
    public void multiply(Activations x, IntegerRows weights, RowRange rows, Output y, MemorySegment scratch) {
        float[] chains = new float[x.tokens()];
        for (int row = rows.first(); row < rows.end(); row++) {
            Arrays.fill(chains, 0);
            for (int group = 0; group < x.layout().groups(); group++) {
                Group w = group(weights, row, group, x.layout());
                for (int token = 0; token < x.tokens(); token++) {
                    chains[token] = step(chains[token], x, token, group, w);
                }
            }
            for (int token = 0; token < x.tokens(); token++) {
                y.put(token, row, chains[token]);
            }
        }
    }

    /** One step of the chain: the group's exact sum, then one fused multiply-add, or two where there is a minimum. */
    private static float step(float acc, Activations x, int token, int group, Group w) {
        long codes = x.layout().codes(token) + x.layout().start(group);
        int sum = 0;
        for (int i = 0; i < w.codes.length; i++) {
            sum += w.codes[i] * x.memory().get(JAVA_BYTE, codes + i);
        }
        int sa = x.memory().get(JAVA_INT_UNALIGNED, x.layout().sums(token) + 4L * group);
        float da = x.memory().get(JAVA_FLOAT_UNALIGNED, x.layout().scales(token) + 4L * group);
        float result = Math.fma((float) (sum - w.zero * sa), w.scale * da, acc);
        return w.hasMinimum ? Math.fma((float) sa, w.minimum * da, result) : result;
    }

    private static Group group(IntegerRows weights, int row, int group, PreparedLayout layout) {
        int start = layout.start(group);
        int[] codes = new int[layout.end(group) - start];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = weights.code(row, start + i);
        }
        return new Group(codes, weights.scale(row, group), weights.zero(row, group), weights.hasMinimum(),
                weights.minimum(row, group));
    }

    /** The numbers of one group of one row. */
    private record Group(int[] codes, float scale, int zero, boolean hasMinimum, float minimum) {
    }
}
