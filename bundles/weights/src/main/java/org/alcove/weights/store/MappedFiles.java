package org.alcove.weights.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint.WeightFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of weights, mapped and held open as long as an arena is: those of a model, or that of its copy. They are held open to see
 * when one is cut short: what native code then reads beyond its end stops the process, and nothing can be done about it once it
 * happens.
 */
final class MappedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(MappedFiles.class);

    private final List<WeightFile> files;
    private final List<FileChannel> channels = new ArrayList<>();
    private final List<MemorySegment> segments = new ArrayList<>();

    /** @throws ModelFormatException if a file has another size than when its header was read */
    MappedFiles(List<WeightFile> files, Arena arena) throws IOException {
        this.files = files;
        for (WeightFile file : files) {
            FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
            MemorySegment.NULL.reinterpret(arena, nothing -> close(channel));
            if (channel.size() != file.bytes()) {
                throw new ModelFormatException(file.path() + ": it changed from " + file.bytes() + " to " + channel.size()
                        + " bytes while it was opened; open it again");
            }
            channels.add(channel);
            segments.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, file.bytes(), arena));
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A weight file that was only read could not be closed", e);
        }
    }

    /** The bytes of a file, by its number. */
    MemorySegment segment(int file) {
        return segments.get(file);
    }

    /** Throws if a file has another size than when it was mapped; takes nothing from the heap. */
    void requireIntact() {
        Optional<String> change = change();
        if (change.isPresent()) {
            throw new IllegalStateException(change.get() + ": it was changed in place; load the model again, and replace files "
                    + "of models by renaming");
        }
    }

    /** Which file has another size than when it was mapped, with both; none where none has, and then nothing from the heap. */
    Optional<String> change() {
        for (int i = 0; i < channels.size(); i++) {
            WeightFile file = files.get(i);
            long size = size(channels.get(i));
            if (size != file.bytes()) {
                return Optional.of(file.path().getFileName() + " had " + file.bytes() + " bytes when it was opened, and now has "
                        + size);
            }
        }
        return Optional.empty();
    }

    private static long size(FileChannel channel) {
        try {
            return channel.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
