package org.alcove.weights.sealed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/** Opens chunks of one file into the memory of its contents. For one thread. */
final class ChunkOpener {

    /** How far ahead the system is told what will be read, so that a disk works while the cipher does. */
    private static final long AHEAD = 16 << 20;

    private final SealedHeader header;
    private final MemorySegment file;
    private final ChunkCipher cipher;
    private final MemorySegment memory;
    private final int chunks;
    private final byte[] sealed;
    private final byte[] plain;

    /**
     * Opens nothing yet.
     *
     * @param file the chunks, mapped
     * @param memory as many bytes as the header has plain ones
     */
    ChunkOpener(SealedHeader header, MemorySegment file, ChunkCipher cipher, MemorySegment memory) {
        this.header = header;
        this.file = file;
        this.cipher = cipher;
        this.memory = memory;
        this.chunks = header.chunks();
        int room = (int) Math.min(header.chunkBytes(), memory.byteSize());
        this.sealed = new byte[room + SealedHeader.TAG_BYTES];
        this.plain = new byte[room];
    }

    /**
     * Opens one. A file that becomes shorter meanwhile makes an error of the Java machine, or bytes that nobody sealed.
     *
     * @throws AEADBadTagException if the chunk is not what was sealed; nothing of it is then in the memory
     */
    void open(int chunk) throws AEADBadTagException {
        MemorySegment target = target(chunk);
        int bytes = (int) target.byteSize();
        long position = (long) chunk * (header.chunkBytes() + SealedHeader.TAG_BYTES);
        int length = bytes + SealedHeader.TAG_BYTES;
        if (position + length + AHEAD <= file.byteSize()) {
            SealedMemory.willRead(file.asSlice(position + AHEAD, length));
        }
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, position, sealed, 0, length);
        cipher.open(chunk, chunk == chunks - 1, sealed, length, plain);
        MemorySegment.copy(plain, 0, target, ValueLayout.JAVA_BYTE, 0, bytes);
    }

    /** Where the plain bytes of a chunk belong. */
    MemorySegment target(int chunk) {
        long offset = (long) chunk * header.chunkBytes();
        return memory.asSlice(offset, Math.min(header.chunkBytes(), memory.byteSize() - offset));
    }

    /** The last chunk's text is not to stay where it passed through. */
    void wipe() {
        Arrays.fill(plain, (byte) 0);
    }
}
