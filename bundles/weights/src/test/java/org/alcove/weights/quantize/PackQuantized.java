package org.alcove.weights.quantize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout {@code pack-quantized} written a second time, as plainly as can be: int32 words, low bits first, eight codes of a
 * row to a word of {@code weight_packed}, eight zero points of a column of groups to a word of {@code weight_zero_point}.
 */
record PackQuantized(byte[] packed, byte[] scales, byte[] zeroPoints) {

    static PackQuantized of(float[] values, int rows, int columns, int group, boolean symmetric) {
        int groups = columns / group;
        int[] words = new int[rows * columns / 8];
        int[] zeros = new int[rows / 8 * groups];
        short[] scales = new short[rows * groups];
        for (int row = 0; row < rows; row++) {
            for (int g = 0; g < groups; g++) {
                int first = row * columns + g * group;
                float least = 0;
                float most = 0;
                float extreme = 0;
                for (int i = first; i < first + group; i++) {
                    least = Math.min(least, values[i]);
                    most = Math.max(most, values[i]);
                    extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
                }
                float scale = symmetric ? extreme / -8 : (most - least) / 15;
                short stored = Float.floatToFloat16(scale);
                float widened = Float.float16ToFloat(stored);
                int zero = symmetric ? 8 : within(Math.rint(-least / widened));
                for (int i = first; i < first + group; i++) {
                    int code = symmetric ? within(Math.floor(values[i] * (1 / scale) + 8.5f))
                            : within(Math.rint(values[i] / widened) + zero);
                    words[i / 8] |= code << i % 8 * 4;
                }
                scales[row * groups + g] = stored;
                zeros[row / 8 * groups + g] |= zero << row % 8 * 4;
            }
        }
        return new PackQuantized(bytes(words), bytes(scales), bytes(zeros));
    }

    private static int within(double code) {
        return (int) Math.clamp(code, 0, 15);
    }

    private static byte[] bytes(int[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes.array();
    }

    private static byte[] bytes(short[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(values);
        return bytes.array();
    }
}
