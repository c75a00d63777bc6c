package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.RowRange;

/** Reads the rows of a float matrix one by one and refuses weights that no integer stands for. */
public final class SourceRows {

    private final FloatMatrix source;
    private final float[] values;

    /** Rows of that matrix. */
    public SourceRows(FloatMatrix source) {
        this.source = source;
        this.values = new float[source.shape().columns()];
    }

    /**
     * The values of a row, in an array that the next call overwrites.
     *
     * @throws IllegalArgumentException if one is infinite or not a number; names its row and column
     */
    public float[] read(int row) {
        source.read(new RowRange(row, row + 1), MemorySegment.ofArray(values));
        for (int column = 0; column < values.length; column++) {
            if (!Float.isFinite(values[column])) {
                throw new IllegalArgumentException("the weight in row " + row + ", column " + column + " is " + values[column]
                        + "; only finite weights can be packed");
            }
        }
        return values;
    }

    /**
     * A scale as it will be stored.
     *
     * @param steps the largest code the scale is multiplied by
     * @throws IllegalArgumentException if the type cannot hold it, or rounds it so that the product is infinite; names the row
     */
    public static float stored(ScaleType type, float scale, int steps, int row) {
        float rounded = type.round(scale);
        if (!Float.isFinite(rounded * steps)) {
            throw new IllegalArgumentException("row " + row + " needs a scale of " + scale + " times " + steps + ", more than "
                    + type + " holds; pack into a layout with wider scales, or leave the tensor as it is");
        }
        return rounded;
    }
}
