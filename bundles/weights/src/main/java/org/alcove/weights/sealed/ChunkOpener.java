package org.alcove.weights.sealed;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;

/**
 * Opens chunks of one file into the memory of its contents. For one thread.
 *
 * <p>A chunk is copied out of the mapped file first, for two reasons. What others can change meanwhile must be read once: the
 * cipher reads twice, to verify and to decipher, and would take for verified what was changed between. And a page that cannot
 * be read, of a file cut off or a disk that fails, is an error of the Java machine in Java code; in the cipher's it ends the
 * process.
 */
final class ChunkOpener {

    /** How far ahead the system is told what will be read, so that a disk works while the cipher does. */
    private static final long AHEAD = 16 << 20;

    private final SealedHeader header;
    private final MemorySegment file;
    private final ChunkCipher cipher;
    private final MemorySegment memory;
    private final int chunks;
    private final ByteBuffer sealed;

    /**
     * Opens nothing yet.
     *
     * @param file the chunks, mapped
     * @param memory as many bytes as the header has plain ones; must not be given back while a chunk is opened
     */
    ChunkOpener(SealedHeader header, MemorySegment file, ChunkCipher cipher, MemorySegment memory) {
        this.header = header;
        this.file = file;
        this.cipher = cipher;
        this.memory = memory;
        this.chunks = header.chunks();
        int room = (int) Math.min(header.chunkBytes(), memory.byteSize());
        this.sealed = ByteBuffer.allocateDirect(room + SealedHeader.TAG_BYTES);
    }

    /**
     * Opens one. A file that becomes shorter meanwhile makes an error of the Java machine, or bytes that nobody sealed.
     *
     * @throws AEADBadTagException if the chunk is not what was sealed; nothing of it is then in the memory
     */
    void open(int chunk) throws AEADBadTagException {
        MemorySegment target = target(chunk);
        long position = (long) chunk * (header.chunkBytes() + SealedHeader.TAG_BYTES);
        long length = target.byteSize() + SealedHeader.TAG_BYTES;
        if (position + length + AHEAD <= file.byteSize()) {
            SealedMemory.willRead(file.asSlice(position + AHEAD, length));
        }
        MemorySegment.ofBuffer(sealed.clear()).copyFrom(file.asSlice(position, length));
        cipher.open(chunk, chunk == chunks - 1, sealed.limit((int) length), target.asByteBuffer());
    }

    /** Where the plain bytes of a chunk belong. */
    MemorySegment target(int chunk) {
        long offset = (long) chunk * header.chunkBytes();
        return memory.asSlice(offset, Math.min(header.chunkBytes(), memory.byteSize() - offset));
    }
}
