package org.alcove.weights.sealed;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file in a sealed model, open to be read. Reading waits for the chunks it needs; mapping does not: see {@link #map}. */
final class SealedChannel extends FileChannel {

    private final SealedContents contents;
    private final SealedFiles.Range range;
    private long position;

    SealedChannel(SealedContents contents, SealedFiles.Range range) {
        this.contents = contents;
        this.range = range;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (from >= range.bytes()) {
            return -1;
        }
        int bytes = (int) Math.min(target.remaining(), range.bytes() - from);
        contents.require(range.offset() + from, bytes);
        target.put(contents.memory().asSlice(range.offset() + from, bytes).asByteBuffer());
        return bytes;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int bytes = read(target, position);
        position += Math.max(0, bytes);
        return bytes;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int bytes = read(targets[i]);
            if (bytes < 0) {
                return all == 0 ? bytes : all;
            }
            all += bytes;
        }
        return all;
    }

    /** The memory itself: whoever reads it waits for {@link SealedContents#awaitAll} before. The arena must be the memory's. */
    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) {
        if (mode != MapMode.READ_ONLY) {
            throw new NonWritableChannelException();
        }
        return contents.memory().asSlice(range.offset(), range.bytes()).asSlice(offset, size).asReadOnly();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long wanted) {
        position = wanted;
        return this;
    }

    @Override
    public long size() {
        return range.bytes();
    }

    @Override
    protected void implCloseChannel() {
    }

    @Override
    public void force(boolean metadata) {
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long offset, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source, long to) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
