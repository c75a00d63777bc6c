package org.alcove.weights.checkpoint;

import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;

/**
 * A tensor and where its planes lie.
 *
 * @param name GGUF name
 * @param type type as the container spells it
 * @param layout how its bytes are to be read; empty for types that nothing here multiplies
 * @param shape rows by columns
 * @param vector whether the file says it has one dimension
 * @param sections where each plane of the layout lies; one section where there is no layout
 */
public record StoredTensor(String name, String type, Optional<PackedLayout> layout, MatrixShape shape, boolean vector,
        List<Section> sections) {

    public StoredTensor {
        sections = List.copyOf(sections);
    }

    /** Size in the file. */
    public long bytes() {
        return sections.stream().mapToLong(Section::bytes).sum();
    }

    /**
     * A run of bytes.
     *
     * @param file index into {@link Checkpoint#files()}
     * @param offset first byte, from the start of the file
     * @param bytes length
     */
    public record Section(int file, long offset, long bytes) {
    }
}
