package org.alcove.engine.duty;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A heap of token ids that finds the largest of many values without sorting all. Of equal values the lower id is the larger:
 * every order is total, so every choice is determined. Belongs to one thread.
 */
final class Ranking {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final float[] values;
    private final int[] ids;
    /** 1: the largest is at the top; -1: the smallest is. */
    private int direction = 1;
    private int size;

    Ranking(int most) {
        values = new float[most];
        ids = new int[most];
    }

    int size() {
        return size;
    }

    float topValue() {
        return values[0];
    }

    int topId() {
        return ids[0];
    }

    /** Keeps the {@code count} largest; the smallest of them is at the top. */
    void keepLargest(MemorySegment all, int length, int count) {
        size = 0;
        direction = -1;
        for (int id = 0; id < length; id++) {
            float value = all.getAtIndex(FLOAT, id);
            if (size < count) {
                append(value, id);
                up(size - 1);
            } else if (value > values[0]) {
                values[0] = value;
                ids[0] = id;
                down(0);
            }
        }
    }

    /** Empties it for {@link #append}. */
    void begin() {
        size = 0;
        direction = 1;
    }

    /** Adds a value; {@link #order} comes before the next look at the top. */
    void append(float value, int id) {
        values[size] = value;
        ids[size] = id;
        size++;
    }

    /** Brings the largest to the top. */
    void order() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(i);
        }
    }

    /** Removes the top. */
    void pop() {
        size--;
        values[0] = values[size];
        ids[0] = ids[size];
        down(0);
    }

    private boolean isAbove(int i, int j) {
        if (values[i] != values[j]) {
            return direction > 0 == values[i] > values[j];
        }
        return direction > 0 == ids[i] < ids[j];
    }

    private void up(int from) {
        int i = from;
        while (i > 0 && isAbove(i, (i - 1) / 2)) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private void down(int from) {
        int i = from;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && isAbove(child + 1, child)) {
                child++;
            }
            if (!isAbove(child, i)) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private void swap(int i, int j) {
        float value = values[i];
        values[i] = values[j];
        values[j] = value;
        int id = ids[i];
        ids[i] = ids[j];
        ids[j] = id;
    }
}
