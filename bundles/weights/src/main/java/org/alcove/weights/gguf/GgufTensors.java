package org.alcove.weights.gguf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;

/** Reads the tensor table of a header: every shape, size and offset is checked against the file before it is believed. */
final class GgufTensors {

    /** The shortest entry: a length, a character, a number of dimensions, a dimension, a type, an offset. */
    private static final int MIN_ENTRY_BYTES = 33;
    private static final int MAX_NAME_BYTES = 63;
    private static final int MAX_DIMENSIONS = 4;

    private final GgufInput in;
    private final long alignment;

    GgufTensors(GgufInput in, long alignment) {
        this.in = in;
        this.alignment = alignment;
    }

    static long maxCount(GgufInput in) {
        return Math.min(Checkpoint.MAX_TENSORS, in.remaining() / MIN_ENTRY_BYTES);
    }

    /** Tensors with offsets from the start of the file. */
    List<GgufPart.Entry> read(long count) throws IOException {
        List<GgufPart.Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < count; i++) {
            in.at("tensor " + (i + 1) + " of " + count);
            String name = in.name(MAX_NAME_BYTES);
            in.at("tensor " + name);
            if (!names.add(name)) {
                throw in.error("it is there twice");
            }
            entries.add(entry(name));
        }
        long dataStart = Math.ceilDiv(in.position(), alignment) * alignment;
        List<GgufPart.Entry> placed = new ArrayList<>();
        for (GgufPart.Entry entry : entries) {
            placed.add(placed(entry, dataStart));
        }
        checkApart(placed);
        return placed;
    }

    private GgufPart.Entry entry(String name) throws IOException {
        int dimensions = in.int32();
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw in.error(Integer.toUnsignedString(dimensions) + " dimensions, but 1 to " + MAX_DIMENSIONS + " are allowed");
        }
        long columns = dimension();
        long rows = 1;
        for (int i = 1; i < dimensions; i++) {
            // Both factors are below 2^31.
            rows = rows * dimension();
            if (rows > Integer.MAX_VALUE) {
                throw in.error("more than " + Integer.MAX_VALUE + " rows");
            }
        }
        int id = in.int32();
        GgufType type = GgufType.of(id)
                .orElseThrow(() -> in.error("tensor type " + Integer.toUnsignedString(id) + " is not known"));
        if (columns % type.blockColumns() != 0) {
            throw in.error("rows of " + columns + " values cannot be of type " + type + ", whose blocks hold "
                    + type.blockColumns());
        }
        MatrixShape shape = new MatrixShape((int) rows, (int) columns);
        long bytes = bytes(shape, type);
        return new GgufPart.Entry(name, type, shape, dimensions == 1, in.int64(), bytes);
    }

    private long dimension() throws IOException {
        long size = in.int64();
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw in.error("a dimension of " + Long.toUnsignedString(size) + ", but 1 to " + Integer.MAX_VALUE
                    + " are possible");
        }
        return size;
    }

    private long bytes(MatrixShape shape, GgufType type) throws IOException {
        try {
            return Math.multiplyExact(shape.size() / type.blockColumns(), (long) type.blockBytes());
        } catch (ArithmeticException e) {
            throw in.error(shape.rows() + " x " + shape.columns() + " values of type " + type + " are larger than any file");
        }
    }

    private GgufPart.Entry placed(GgufPart.Entry entry, long dataStart) throws ModelFormatException {
        in.at("tensor " + entry.name());
        long room = in.size() - dataStart;
        long offset = entry.offset();
        if (offset < 0 || offset > room || entry.bytes() > room - offset) {
            throw in.error("its " + entry.bytes() + " bytes at " + Long.toUnsignedString(offset) + " end beyond the data of "
                    + Math.max(0, room) + " bytes; the file is truncated or damaged, fetch it again");
        }
        if (offset % alignment != 0) {
            throw in.error("its offset " + offset + " is no multiple of the alignment " + alignment);
        }
        return new GgufPart.Entry(entry.name(), entry.type(), entry.shape(), entry.vector(), dataStart + offset,
                entry.bytes());
    }

    private void checkApart(List<GgufPart.Entry> entries) throws ModelFormatException {
        List<GgufPart.Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(GgufPart.Entry::offset));
        for (int i = 1; i < sorted.size(); i++) {
            GgufPart.Entry before = sorted.get(i - 1);
            GgufPart.Entry entry = sorted.get(i);
            if (before.offset() + before.bytes() > entry.offset()) {
                in.at("tensor " + entry.name());
                throw in.error("it starts at byte " + entry.offset() + ", inside tensor " + before.name() + " which ends at "
                        + (before.offset() + before.bytes()));
            }
        }
    }
}
