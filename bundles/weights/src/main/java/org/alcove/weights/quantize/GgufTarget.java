package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.gguf.GgufHeader;
import org.alcove.weights.gguf.GgufKey;
import org.alcove.weights.gguf.GgufKeys;

/** Writes a GGUF file. */
final class GgufTarget implements Target {

    private static final int QUANTIZATION_VERSION = 2;

    private final PartFile file;
    private final GgufHeader header;

    GgufTarget(Path path, Collection<GgufKey> keys, List<TensorPlan> plans) throws IOException {
        header = GgufHeader.of(keys, plans.stream()
                .map(plan -> new GgufHeader.Entry(plan.name(), plan.layout(), plan.shape(), plan.vector())).toList());
        file = new PartFile(path, header.size());
        try {
            file.write(0, ByteBuffer.wrap(header.bytes()));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The keys of a GGUF file, changed to describe what it becomes. */
    static Collection<GgufKey> keys(Path source, Scheme scheme) throws IOException {
        Map<String, GgufKey> keys = new LinkedHashMap<>(GgufKeys.read(source));
        keys.keySet().removeIf(name -> name.startsWith("split.") || name.equals("general.alignment"));
        describe(keys, scheme);
        return keys.values();
    }

    /** Sets the keys that say how a file is quantized. */
    static void describe(Map<String, GgufKey> keys, Scheme scheme) {
        keys.put("general.file_type", GgufKey.uint32("general.file_type", scheme.ggufFileType()));
        keys.put("general.quantization_version", GgufKey.uint32("general.quantization_version", QUANTIZATION_VERSION));
    }

    @Override
    public MatrixPacker.PlaneSink sink(int tensor, PackedLayout layout) {
        long start = header.offsets().get(tensor);
        return (plane, offset, bytes) -> file.write(start + offset, bytes.asByteBuffer());
    }

    @Override
    public void complete() throws IOException {
        file.extendTo(header.size());
        file.complete();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
