package org.alcove.weights.sealed;

/**
 * In which order threads take the chunks of a file: each a run that fills one page, then the first run that nobody has. Two
 * threads that write to a new page at once have the system clear two pages, and one of them for nothing; so a chunk at a time,
 * in order, would cost every page twice. To be guarded by whoever uses it.
 */
final class ChunkOrder {

    /** What a thread had that had none yet. */
    static final int NONE = -1;

    private final int chunks;
    private final int run;
    private int next;

    /** @param pageBytes what the system hands out at a time; the first chunk begins a page, and both sizes are powers of two */
    ChunkOrder(int chunks, int chunkBytes, long pageBytes) {
        this.chunks = chunks;
        this.run = (int) Math.max(1, pageBytes / chunkBytes);
    }

    /** How many threads find something to do. */
    int runs() {
        return Math.ceilDiv(chunks, run);
    }

    /** The chunk for a thread whose last one was {@code last}; the number of chunks, or more, if all are taken. */
    int after(int last) {
        int chunk = last + 1;
        if (chunk % run != 0) {
            return chunk;
        }
        chunk = next;
        next = Math.min(chunks, next + run);
        return chunk;
    }
}
