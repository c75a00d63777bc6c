package org.alcove.experiments.integerscales;

/**
 * 256 weights: weight i is {@code scale * (scales[i / 32] * codes[i])}. Integer scales are 1 to 15 and codes -8 to 7, so that
 * what is in brackets is -120 to 105, a byte, and a sum of its products with 256 bytes of activations an int32. A file would hold:
 *
 * <table>
 *   <caption>134 bytes, 4.1875 bits a weight</caption>
 *   <tr><td>0</td><td>binary16</td><td>scale, of either sign</td></tr>
 *   <tr><td>2</td><td>4 bytes</td><td>integer scales of groups 2j in the low, 2j + 1 in the high half of byte j</td></tr>
 *   <tr><td>6</td><td>128 bytes</td><td>codes + 8, of each group as in Q4_0: weight j low, weight j + 16 high</td></tr>
 * </table>
 */
record IntegerBlock(float scale, byte[] scales, byte[] codes) {

    static final int WEIGHTS = 256;
    static final int GROUP = 32;
    static final int GROUPS = WEIGHTS / GROUP;
    static final int LARGEST = 15;
    static final int BYTES = 2 + GROUPS / 2 + WEIGHTS / 2;

    /** The product of code and integer scale, which is what a kernel multiplies. */
    int integer(int i) {
        return scales[i / GROUP] * codes[i];
    }

    /** Exact: 18 bits at most. */
    float value(int i) {
        return scale * integer(i);
    }
}
