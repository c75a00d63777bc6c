package org.alcove.tokenizer.text;

import java.util.Arrays;

/** A growing list of token ids, free of boxing. */
final class Ids {
    private int[] values = new int[64];
    private int size;

    void add(int id) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = id;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
