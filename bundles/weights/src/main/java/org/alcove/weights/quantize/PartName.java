package org.alcove.weights.quantize;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.alcove.commandline.FileFailure;

/**
 * The temporary name ({@code .part}) of what is written, until it is whole. A process that is told to end before deletes what
 * has it and says so; only one that is killed leaves it.
 */
final class PartName implements Closeable {

    private static final String SUFFIX = ".part";

    /** As the user knows it. */
    private final Path named;
    private final Path target;
    private final Path part;
    private final long bytes;
    private final Deletion deletion;
    /** Runs where the process ends before this is closed. */
    final Thread end = new Thread(this::stop, "alcove-part");
    private long free;
    private boolean whole;
    private boolean stopped;

    /** How what has the name is deleted. */
    @FunctionalInterface
    interface Deletion {

        void run() throws IOException;
    }

    /**
     * A name that nothing has yet.
     *
     * @param target what it is to become
     * @param bytes how large that will be, or a little larger
     */
    PartName(Path target, long bytes, Deletion deletion) {
        this.named = target;
        this.target = target.toAbsolutePath();
        this.part = this.target.resolveSibling(this.target.getFileName() + SUFFIX);
        this.bytes = bytes;
        this.deletion = deletion;
    }

    Path path() {
        return part;
    }

    Path target() {
        return target;
    }

    /** Refuses a target that is there, even as a link to nothing. */
    static void requireFree(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(target + " exists already; delete it or choose another target");
        }
    }

    /** From now on what has the name is deleted when the process ends. */
    void begin() throws IOException {
        free = free(target.getParent());
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException ending) {
            deletion.run();
            throw new IOException("the process is ending; " + named + " was not begun", ending);
        }
    }

    /** What makes something new under the name, while nobody deletes it. */
    synchronized <T> T making(Making<T> making) throws IOException {
        if (stopped) {
            throw new IOException("the process is ending; " + named + " is not whole");
        }
        return making.run();
    }

    /** Makes something. */
    @FunctionalInterface
    interface Making<T> {

        T run() throws IOException;
    }

    /** Gives what was written its own name. */
    void complete() throws IOException {
        making(() -> {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(named + " came into being meanwhile; delete it or choose another target, and try again");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
            return target;
        });
    }

    /** What a channel throws does not name its file. */
    FileFailure failure(IOException cause) {
        String had = free < 0 ? "" : String.format(Locale.ROOT, ", %.1f MB free", free / 1e6);
        return FileFailure.of(named, cause, String.format(Locale.ROOT, "(%.1f MB needed%s)", bytes / 1e6, had));
    }

    /** Bytes that are free; -1 where the system cannot tell, which is no reason not to write. */
    private static long free(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException unknown) {
            return -1;
        }
    }

    private synchronized void stop() {
        if (whole || stopped) {
            return;
        }
        stopped = true;
        try {
            deletion.run();
            tell("is deleted");
        } catch (IOException e) {
            tell("could not be deleted: " + e.getMessage());
        }
    }

    /** On a line of its own, also where a bar stands in one. */
    private void tell(String what) {
        boolean bar = System.console() != null && System.console().isTerminal();
        System.err.println((bar ? System.lineSeparator() : "") + "alcove: stopped before " + named + " was whole; " + named
                + SUFFIX + " " + what);
    }

    /** Deletes what is not whole; the end of the process is none of its business any more. */
    @Override
    public void close() throws IOException {
        try {
            delete();
        } finally {
            forget();
        }
    }

    private synchronized void delete() throws IOException {
        if (!whole && !stopped) {
            stopped = true;
            deletion.run();
        }
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException ending) {
            // It runs, or has run.
        }
    }
}
