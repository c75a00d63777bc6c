package org.alcove.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spans of the last day, on disk. After 8 bytes that name the format, records of {@value #RECORD} bytes, oldest first, big
 * endian:
 *
 * <table>
 * <caption>A record</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>8</td><td>end of the span, milliseconds since 1970</td></tr>
 * <tr><td>8</td><td>seconds, a double</td></tr>
 * <tr><td>3 × 8</td><td>requests: count, failed, with a first token</td></tr>
 * <tr><td>2 × 8</td><td>sum and most of the milliseconds to the first token, doubles</td></tr>
 * <tr><td>2 × 8</td><td>tokens of prompts, of answers</td></tr>
 * <tr><td>8 × 8</td><td>levels, doubles, in the order of {@link Point.Levels}</td></tr>
 * <tr><td>4</td><td>CRC-32C of the above</td></tr>
 * </table>
 *
 * <p>A span is appended and forced to the disk before the next one begins. What a crash left unfinished at the end is written
 * over; a record that is damaged is passed over, and told. Used by one thread.
 */
final class FigureFile implements AutoCloseable {

    /** Bytes of a record. */
    static final int RECORD = 17 * Long.BYTES + Integer.BYTES;
    private static final Logger LOG = LoggerFactory.getLogger(FigureFile.class);
    private static final byte[] NAME = {'A', 'L', 'C', 'F', 'I', 'G', '0', '1'};

    private final Path file;
    private final int most;
    private List<Point> kept = new ArrayList<>();
    private int damaged;
    private FileChannel channel;
    private long end;
    private boolean told;

    /**
     * Reads what is there.
     *
     * @param most spans that are kept; the file holds twice as many at most
     */
    FigureFile(Path file, int most) {
        this.file = file;
        this.most = most;
        try {
            read();
        } catch (IOException e) {
            LOG.error("The figures of the last day cannot be read from {}, so they begin anew: {}", file, e.toString());
        }
    }

    /** What was read, oldest first. */
    List<Point> kept() {
        return List.copyOf(kept);
    }

    /** How many records were damaged when it was read, one that was cut off at the end included. */
    int damaged() {
        return damaged;
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        byte[] name = new byte[Math.min(NAME.length, bytes.remaining())];
        bytes.get(name);
        if (!Arrays.equals(name, NAME)) {
            Path aside = Files.move(file, file.resolveSibling(file.getFileName() + "-" + System.currentTimeMillis()));
            LOG.error("{} does not hold figures of this version; it is kept as {}, and they begin anew", file, aside);
            return;
        }
        while (bytes.remaining() >= RECORD) {
            ByteBuffer record = bytes.slice(bytes.position(), RECORD);
            bytes.position(bytes.position() + RECORD);
            if (record.getInt(RECORD - Integer.BYTES) == sum(record)) {
                kept.add(point(record));
            } else {
                damaged++;
            }
        }
        damaged += bytes.hasRemaining() ? 1 : 0;
        if (damaged > 0) {
            LOG.warn("{} records of {} are damaged, as a crash leaves them; their spans are left out, {} are there", damaged,
                    file, kept.size());
        }
        end = bytes.position();
    }

    /** Adds a span. What cannot be written is told once, and is in memory all the same. */
    void add(Point span) {
        try {
            if (channel == null || end >= NAME.length + 2L * most * RECORD) {
                open();
            }
            ByteBuffer record = record(span);
            for (long at = end; record.hasRemaining();) {
                at += channel.write(record, at);
            }
            channel.force(false);
            end += RECORD;
            told = false;
        } catch (IOException e) {
            if (!told) {
                LOG.error("The figures of the last day cannot be written to {}; they are kept in memory only: {}", file,
                        e.toString());
            }
            told = true;
        }
    }

    /** Opens it to be appended to; one that is long, damaged or new is written anew, whole, with the last spans. */
    private void open() throws IOException {
        boolean anew = end == 0 || damaged > 0 || end >= NAME.length + 2L * most * RECORD;
        close();
        if (anew) {
            List<Point> last = end == 0 ? List.of() : last();
            ByteBuffer bytes = ByteBuffer.allocate(NAME.length + last.size() * RECORD).put(NAME);
            last.forEach(point -> bytes.put(record(point)));
            DataFolder.write(file, bytes.array());
            end = bytes.capacity();
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        kept = new ArrayList<>();
    }

    private List<Point> last() throws IOException {
        List<Point> all = kept;
        if (all.isEmpty()) {
            FigureFile again = new FigureFile(file, most);
            all = again.kept;
        }
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private static int sum(ByteBuffer record) {
        CRC32C sum = new CRC32C();
        sum.update(record.slice(0, RECORD - Integer.BYTES));
        return (int) sum.getValue();
    }

    static ByteBuffer record(Point span) {
        Point.Requests requests = span.requests();
        Point.Levels levels = span.levels();
        ByteBuffer record = ByteBuffer.allocate(RECORD).putLong(span.end().toEpochMilli()).putDouble(span.seconds())
                .putLong(requests.count()).putLong(requests.failed()).putLong(requests.first())
                .putDouble(requests.firstMillis()).putDouble(requests.firstMillisMax())
                .putLong(requests.promptTokens()).putLong(requests.answerTokens())
                .putDouble(levels.running()).putDouble(levels.waiting()).putDouble(levels.kvBlocks())
                .putDouble(levels.kvBlocksUsed()).putDouble(levels.kvBytes()).putDouble(levels.weightBytes())
                .putDouble(levels.memoryBytes()).putDouble(levels.workersReady());
        return record.putInt(sum(record)).flip();
    }

    private static Point point(ByteBuffer record) {
        ByteBuffer in = record.duplicate();
        Instant at = Instant.ofEpochMilli(in.getLong());
        double seconds = in.getDouble();
        Point.Requests requests = new Point.Requests(in.getLong(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble(),
                in.getLong(), in.getLong());
        return new Point(at, seconds, requests, new Point.Levels(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble(),
                in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble()));
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
