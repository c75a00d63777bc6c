package org.alcove.tokenizer.text;

import java.util.Arrays;

/**
 * Merges the symbols of one word after another. The pair of lowest rank merges first, the leftmost of equals; a heap keeps
 * that at n log n, so that a word of a million characters is no attack.
 *
 * <p>A heap entry is {@code rank << 32 | position}. An entry is stale when the pair that now starts at its position has another
 * rank; when it has the same rank, merging it now is what its own entry would do, so nothing more needs to be remembered.
 */
final class MergeRun {
    private final PairTable pairs;
    private int[] symbols = new int[64];
    private int[] next = new int[64];
    private int[] previous = new int[64];
    private int size;
    private long[] heap = new long[64];
    private int heapSize;

    MergeRun(PairTable pairs) {
        this.pairs = pairs;
    }

    void clear() {
        size = 0;
        heapSize = 0;
    }

    void add(int symbol) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, size * 2);
            next = Arrays.copyOf(next, size * 2);
            previous = Arrays.copyOf(previous, size * 2);
        }
        symbols[size++] = symbol;
    }

    /** Merges until nothing merges any more. */
    void merge() {
        for (int i = 0; i < size; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < size ? i + 1 : -1;
        }
        for (int i = 0; i + 1 < size; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            long entry = poll();
            int left = (int) entry;
            int right = next[left];
            // A position that was merged away points to itself.
            if (right == left || right < 0) {
                continue;
            }
            int slot = pairs.find(symbols[left], symbols[right]);
            if (slot >= 0 && pairs.rank(slot) == (int) (entry >>> 32)) {
                join(left, right, pairs.merged(slot));
            }
        }
    }

    private void join(int left, int right, int result) {
        symbols[left] = result;
        next[left] = next[right];
        if (next[right] >= 0) {
            previous[next[right]] = left;
        }
        next[right] = right;
        if (previous[left] >= 0) {
            offer(previous[left]);
        }
        offer(left);
    }

    /** First position, or -1 for an empty word. */
    int first() {
        return size == 0 ? -1 : 0;
    }

    /** Position after this one, or -1. */
    int after(int position) {
        return next[position];
    }

    int symbol(int position) {
        return symbols[position];
    }

    private void offer(int left) {
        int right = next[left];
        if (right < 0) {
            return;
        }
        int slot = pairs.find(symbols[left], symbols[right]);
        if (slot < 0) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = (long) pairs.rank(slot) << 32 | left;
        int at = heapSize++;
        while (at > 0 && heap[(at - 1) / 2] > entry) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = entry;
    }

    private long poll() {
        long top = heap[0];
        long moved = heap[--heapSize];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= moved) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
        return top;
    }
}
