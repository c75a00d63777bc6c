package org.alcove.weights.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the files of a model say, checked.
 *
 * @param path what was opened: a file or a folder
 * @param name short name for people
 * @param metadata keys and values
 * @param tensors tensors by name, in the order of the files
 * @param files files that hold tensors
 * @param refusal why it can be described but not loaded, if so
 */
public record Checkpoint(Path path, String name, Map<String, MetadataValue> metadata, Map<String, StoredTensor> tensors,
        List<WeightFile> files, Optional<String> refusal) {

    /** Most tensors a model may have; the largest known ones have a few thousand. */
    public static final int MAX_TENSORS = 1 << 17;

    public Checkpoint {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        files = List.copyOf(files);
    }

    /**
     * A file that holds tensors.
     *
     * @param path where it lies
     * @param bytes its size when its header was read
     */
    public record WeightFile(Path path, long bytes) {
    }
}
