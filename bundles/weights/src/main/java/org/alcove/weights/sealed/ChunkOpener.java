package org.alcove.weights.sealed;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/** Reads chunks of one file, and opens them into the memory of its contents. For one thread. */
final class ChunkOpener {

    private final SealedHeader header;
    private final int headerBytes;
    private final FileChannel channel;
    private final ChunkCipher cipher;
    private final MemorySegment memory;
    private final int chunks;
    private final ByteBuffer read;
    private final byte[] sealed;
    private final byte[] plain;

    /** @param memory as many bytes as the header has plain ones */
    ChunkOpener(SealedHeader header, int headerBytes, FileChannel channel, ChunkCipher cipher, MemorySegment memory) {
        this.header = header;
        this.headerBytes = headerBytes;
        this.channel = channel;
        this.cipher = cipher;
        this.memory = memory;
        this.chunks = header.chunks();
        int room = (int) Math.min(header.chunkBytes(), memory.byteSize());
        this.read = ByteBuffer.allocateDirect(room + SealedHeader.TAG_BYTES);
        this.sealed = new byte[room + SealedHeader.TAG_BYTES];
        this.plain = new byte[room];
    }

    /** @throws AEADBadTagException if the chunk is not what was sealed; nothing of it is then in the memory */
    void open(int chunk) throws IOException, AEADBadTagException {
        MemorySegment target = target(chunk);
        int bytes = (int) target.byteSize();
        long position = headerBytes + (long) chunk * (header.chunkBytes() + SealedHeader.TAG_BYTES);
        read.clear().limit(bytes + SealedHeader.TAG_BYTES);
        while (read.hasRemaining()) {
            if (channel.read(read, position + read.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        read.flip().get(sealed, 0, bytes + SealedHeader.TAG_BYTES);
        cipher.open(chunk, chunk == chunks - 1, sealed, bytes + SealedHeader.TAG_BYTES, plain);
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
