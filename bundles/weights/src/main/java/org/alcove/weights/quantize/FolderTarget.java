package org.alcove.weights.quantize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;
import org.alcove.weights.checkpoint.Layouts;

/** Writes a Hugging Face folder: the tensors in one safetensors file, or in several with an index, and the files beside them. */
final class FolderTarget implements Target {

    /** Weight files are cut at about that many bytes, as usual. */
    static final long FILE_BYTES = 4L << 30;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHAPE = "weight_shape";
    private static final Map<PackedLayout, String> DENSE =
            Map.of(Layouts.F32, "F32", Layouts.F16, "F16", Layouts.BF16, "BF16");

    private final PartFolder folder;
    private final List<FolderTensor> tensors;
    /** For each tensor, the file it is in. */
    private final List<String> files = new ArrayList<>();
    private final Map<String, SafetensorsHeader> headers = new LinkedHashMap<>();

    /**
     * A tensor in a folder.
     *
     * @param name name there, of a matrix that is packed with {@code .weight} at its end
     */
    record FolderTensor(String name, TensorPlan plan) {

        private boolean packed() {
            return !DENSE.containsKey(plan.layout());
        }

        /** What the tensor is written as: itself, or its planes and its shape. */
        private List<SafetensorsHeader.Entry> entries() {
            MatrixShape shape = plan.shape();
            if (!packed()) {
                String type = DENSE.get(plan.layout());
                List<Long> sizes = plan.vector() ? List.of(shape.size()) : List.of((long) shape.rows(), (long) shape.columns());
                return List.of(new SafetensorsHeader.Entry(name, type, type.equals("F32") ? 4 : 2, sizes));
            }
            List<SafetensorsHeader.Entry> entries = new ArrayList<>();
            for (int i = 0; i < plan.layout().planes().size(); i++) {
                Plane plane = plan.layout().planes().get(i);
                boolean scale = plane.blockBytes() == 2;
                long down = Math.ceilDiv(shape.rows(), plane.blockRows());
                long across = plane.blocksAcross(shape.columns());
                entries.add(new SafetensorsHeader.Entry(part(i), scale ? "F16" : "I32", plane.blockBytes(),
                        List.of(down, across)));
            }
            entries.add(new SafetensorsHeader.Entry(module() + SHAPE, "I64", 8, List.of(2L)));
            return entries;
        }

        private String part(int plane) {
            return packed() ? module() + plan.layout().planes().get(plane).name() : name;
        }

        private String module() {
            return name.substring(0, name.length() - "weight".length());
        }
    }

    /**
     * Begins to write.
     *
     * @param beside the files beside the weights, by name
     * @param fileBytes where weight files are cut
     */
    FolderTarget(Path path, List<FolderTensor> tensors, Map<String, byte[]> beside, long fileBytes) throws IOException {
        this.tensors = List.copyOf(tensors);
        this.folder = new PartFolder(path, tensors.stream().mapToLong(tensor -> tensor.plan().bytesAfter()).sum());
        try {
            layOut(fileBytes);
            for (Map.Entry<String, byte[]> file : beside.entrySet()) {
                folder.write(file.getKey(), file.getValue());
            }
            writeShapes();
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private void layOut(long fileBytes) throws IOException {
        List<List<FolderTensor>> shards = new ArrayList<>();
        long bytes = fileBytes;
        for (FolderTensor tensor : tensors) {
            if (bytes + tensor.plan().bytesAfter() > fileBytes) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.getLast().add(tensor);
            bytes += tensor.plan().bytesAfter();
        }
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = JSON.createObjectNode();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            String file = shards.size() == 1 ? "model.safetensors"
                    : "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            List<SafetensorsHeader.Entry> entries =
                    shards.get(i).stream().flatMap(tensor -> tensor.entries().stream()).toList();
            SafetensorsHeader header = SafetensorsHeader.of(entries);
            headers.put(file, header);
            folder.write(file, header.bytes());
            entries.forEach(entry -> map.put(entry.name(), file));
            shards.get(i).forEach(tensor -> files.add(file));
            total += header.size() - header.bytes().length;
        }
        if (shards.size() > 1) {
            index.putObject("metadata").put("total_size", total);
            index.set("weight_map", map);
            folder.write("model.safetensors.index.json", index.toPrettyString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void writeShapes() throws IOException {
        for (int i = 0; i < tensors.size(); i++) {
            FolderTensor tensor = tensors.get(i);
            if (tensor.packed()) {
                ByteBuffer sizes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(tensor.plan().shape().rows()).putLong(tensor.plan().shape().columns()).flip();
                folder.write(files.get(i), headers.get(files.get(i)).offsets().get(tensor.module() + SHAPE), sizes);
            }
        }
    }

    @Override
    public MatrixPacker.PlaneSink sink(int tensor, PackedLayout layout) {
        String file = files.get(tensor);
        Map<String, Long> offsets = headers.get(file).offsets();
        return (plane, offset, bytes) ->
                folder.write(file, offsets.get(tensors.get(tensor).part(plane)) + offset, bytes.asByteBuffer());
    }

    @Override
    public void complete() throws IOException {
        folder.complete();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
