package org.alcove.engine.duty;

import java.util.Arrays;

/** Which tokens stand in prompt and answer, and how often in the answer: a hash table of ints. */
final class TokenCounts {

    private static final int EMPTY = -1;

    private int[] ids = new int[64];
    private int[] counts = new int[64];
    private int size;

    TokenCounts() {
        Arrays.fill(ids, EMPTY);
    }

    /** Counts a token of the prompt. */
    void addPrompt(int id) {
        slot(id);
    }

    /** Counts a token of the answer. */
    void addAnswer(int id) {
        // In this order: looking for the slot may replace the array.
        int slot = slot(id);
        counts[slot]++;
    }

    /** Number of slots; some are empty. */
    int slots() {
        return ids.length;
    }

    boolean isUsed(int slot) {
        return ids[slot] != EMPTY;
    }

    int id(int slot) {
        return ids[slot];
    }

    /** How often the slot's token stands in the answer. */
    int answerCount(int slot) {
        return counts[slot];
    }

    private int slot(int id) {
        if (2 * size >= ids.length) {
            grow();
        }
        int slot = find(id);
        if (ids[slot] == EMPTY) {
            ids[slot] = id;
            size++;
        }
        return slot;
    }

    private int find(int id) {
        int mask = ids.length - 1;
        int slot = (id * 0x9E3779B9 >>> 7) & mask;
        while (ids[slot] != EMPTY && ids[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldIds = ids;
        int[] oldCounts = counts;
        ids = new int[2 * oldIds.length];
        counts = new int[ids.length];
        Arrays.fill(ids, EMPTY);
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != EMPTY) {
                int slot = find(oldIds[i]);
                ids[slot] = oldIds[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
