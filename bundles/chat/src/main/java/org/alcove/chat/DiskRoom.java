package org.alcove.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much of their room kept conversations take: counted once and carried on from there, since counting looks at every file.
 * Before something is refused it is counted again, at most once a minute, for whoever runs the server may have taken old boxes
 * away. Guarded by the store that has it.
 */
final class DiskRoom {

    /** A file takes a block at least, whatever is in it, and so does a folder. */
    static final int BLOCK = 4096;
    private static final Duration HOLDS = Duration.ofMinutes(1);

    private final Path root;
    private final long most;
    private final int mostBoxes;
    private final InstantSource clock;
    private long taken;
    private int boxes;
    private Instant counted = Instant.MIN;

    /**
     * Of the boxes in a folder.
     *
     * @param most bytes of all
     * @param mostBoxes most boxes
     */
    DiskRoom(Path root, long most, int mostBoxes, InstantSource clock) {
        this.root = root;
        this.most = most;
        this.mostBoxes = mostBoxes;
        this.clock = clock;
    }

    /** What so many bytes take on the disk. */
    static long blocks(long bytes) {
        return Math.max(1, Math.ceilDiv(bytes, BLOCK)) * BLOCK;
    }

    /** Takes room for a file that becomes {@code next} bytes long and was {@code before}, 0 where there was none. */
    void take(long next, long before, boolean newBox) throws IOException, StoreException {
        long more = blocks(next) - (before == 0 ? 0 : blocks(before)) + (newBox ? BLOCK : 0);
        boolean fits = takesIn(newBox) && has(more);
        if (counted.equals(Instant.MIN) || !fits && !clock.instant().isBefore(counted.plus(HOLDS))) {
            count();
        }
        if (!takesIn(newBox)) {
            throw new StoreException(507, "the server keeps conversations under " + boxes + " codes of at most " + mostBoxes
                    + "; ask who runs the server to take old ones away, or leave yours in the browser");
        }
        if (!has(more)) {
            throw new StoreException(507, "the conversations kept on the server take " + taken + " bytes of " + most
                    + ", and this one would take " + more + " more; delete some, or ask who runs the server for more");
        }
        taken += more;
        boxes += newBox ? 1 : 0;
    }

    private boolean takesIn(boolean newBox) {
        return !newBox || boxes < mostBoxes;
    }

    /** What takes no more than before is let in, however full it is. */
    private boolean has(long more) {
        return more <= 0 || taken + more <= most;
    }

    /** A file of so many bytes is gone. */
    void give(long bytes) {
        taken -= blocks(bytes);
    }

    /** An empty box is gone. */
    void giveBox() {
        taken -= BLOCK;
        boxes--;
    }

    /** Something went wrong half way: what is taken is counted before it is told again. */
    void forget() {
        counted = Instant.MIN;
    }

    /** A count that breaks off changes nothing. */
    private void count() throws IOException {
        List<Path> all = listed(root);
        long bytes = (long) all.size() * BLOCK;
        for (Path box : all) {
            for (Path file : listed(box)) {
                bytes += taken(file);
            }
        }
        taken = bytes;
        boxes = all.size();
        counted = clock.instant();
    }

    /** What a file takes; nothing where it is gone since its folder was read. */
    private static long taken(Path file) throws IOException {
        try {
            return blocks(Files.size(file));
        } catch (NoSuchFileException deletedMeanwhile) {
            return 0;
        }
    }

    /** What lies in a folder, by name; nothing where there is none. */
    static List<Path> listed(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (NoSuchFileException deletedMeanwhile) {
            return List.of();
        }
    }
}
