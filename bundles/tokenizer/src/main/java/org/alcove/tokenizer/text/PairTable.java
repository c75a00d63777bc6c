package org.alcove.tokenizer.text;

import java.util.Arrays;

/** Which two neighbouring symbols may become one, and how early. A hash table with open addressing, free of objects. */
final class PairTable {
    private static final long FREE = -1L;

    private long[] keys;
    private int[] ranks;
    private int[] merged;
    private int size;

    PairTable(int expected) {
        allocate(Integer.highestOneBit(Math.max(16, expected) * 2 - 1) * 2);
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        Arrays.fill(keys, FREE);
        ranks = new int[capacity];
        merged = new int[capacity];
    }

    /** Adds a rule; the first one for a pair stays. Symbols and ranks are not negative. */
    void put(int left, int right, int rank, int result) {
        if (size * 2 >= keys.length) {
            grow();
        }
        long key = key(left, right);
        int slot = slot(key);
        if (keys[slot] == FREE) {
            keys[slot] = key;
            ranks[slot] = rank;
            merged[slot] = result;
            size++;
        }
    }

    /** Slot of a pair, or -1 where the two never merge. */
    int find(int left, int right) {
        if (left < 0 || right < 0) {
            return -1;
        }
        int slot = slot(key(left, right));
        return keys[slot] == FREE ? -1 : slot;
    }

    int rank(int slot) {
        return ranks[slot];
    }

    int merged(int slot) {
        return merged[slot];
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRanks = ranks;
        int[] oldMerged = merged;
        allocate(oldKeys.length * 2);
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                put((int) (oldKeys[i] >>> 32), (int) oldKeys[i], oldRanks[i], oldMerged[i]);
            }
        }
    }

    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int mask = keys.length - 1;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right & 0xFFFFFFFFL;
    }
}
