package org.alcove.weights.huggingface;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.checkpoint.StoredTensor;

/** Gives the tensors of a folder their GGUF names, shapes and layouts. */
final class TensorMapping {

    private static final String PACKED = ".weight_packed";
    private static final String SHAPE = ".weight_shape";
    private static final List<String> COMPANIONS = List.of(".weight_scale", ".weight_zero_point", SHAPE);

    private final Path folder;
    private final FolderArchitecture architecture;
    private final int layers;
    private final Optional<PackedScheme> scheme;
    private final ShardedTensors source;

    TensorMapping(Path folder, FolderArchitecture architecture, JsonObject config, ShardedTensors source)
            throws ModelFormatException {
        this.folder = folder;
        this.architecture = architecture;
        this.layers = config.positive("num_hidden_layers");
        this.scheme = PackedScheme.of(config);
        this.source = source;
    }

    Map<String, StoredTensor> map(boolean tied) throws IOException {
        Map<String, StoredTensor> mapped = new LinkedHashMap<>();
        for (Map.Entry<String, ShardedTensors.Located> entry : source.tensors().entrySet()) {
            String name = entry.getKey();
            boolean unread = FolderArchitecture.isIgnored(name) || tied && name.startsWith("lm_head.");
            if (!unread && !isCompanion(name)) {
                StoredTensor tensor = name.endsWith(PACKED) ? packed(name) : dense(name, entry.getValue());
                if (mapped.put(tensor.name(), tensor) != null) {
                    throw error(name, "there are two tensors for " + tensor.name());
                }
            }
        }
        return mapped;
    }

    private boolean isCompanion(String name) throws ModelFormatException {
        for (String suffix : COMPANIONS) {
            if (name.endsWith(suffix)) {
                String packed = name.substring(0, name.length() - suffix.length()) + PACKED;
                if (!source.tensors().containsKey(packed)) {
                    throw error(name, "there is no tensor " + packed + " that it belongs to");
                }
                return true;
            }
        }
        return false;
    }

    private StoredTensor dense(String name, ShardedTensors.Located located) throws ModelFormatException {
        int dot = name.lastIndexOf('.');
        String suffix = name.substring(Math.max(dot, 0));
        if (!suffix.equals(".weight") && !suffix.equals(".bias")) {
            throw unknown(name);
        }
        List<Long> shape = located.shape();
        if (shape.isEmpty() || shape.size() > 2) {
            throw error(name, "it has " + shape.size() + " dimensions, but 1 or 2 are supported");
        }
        int columns = dimension(name, shape.getLast());
        int rows = shape.size() == 1 ? 1 : dimension(name, shape.getFirst());
        return new StoredTensor(ggufName(name, name.substring(0, dot)) + suffix, located.type().name(), located.type().layout(),
                new MatrixShape(rows, columns), shape.size() == 1, List.of(located.section()));
    }

    private StoredTensor packed(String name) throws IOException {
        String module = name.substring(0, name.length() - PACKED.length());
        PackedScheme kind = scheme.orElseThrow(() -> error(name, "it is quantized, but config.json has no quantization_config"));
        ShardedTensors.Located values = source.tensors().get(name);
        ShardedTensors.Located scale = companion(module, ".weight_scale");
        boolean hasZeroPoints = source.tensors().containsKey(module + ".weight_zero_point");
        if (hasZeroPoints == kind.symmetric()) {
            throw error(name, hasZeroPoints ? "it has zero points, but config.json says symmetric"
                    : "it has no weight_zero_point, but config.json says not symmetric");
        }
        PackedLayout scaleLayout = scale.type().layout()
                .orElseThrow(() -> error(name, "scales of type " + scale.type() + " are not supported"));
        PackedLayout layout = Layouts.packQuantized(kind.symmetric(), kind.groupSize(), scaleLayout);
        MatrixShape shape = logicalShape(name, module);
        List<StoredTensor.Section> sections = new ArrayList<>();
        for (Plane plane : layout.planes()) {
            ShardedTensors.Located part = plane == layout.planes().getFirst() ? values : companion(module, "." + plane.name());
            checkGrid(module + "." + plane.name(), part, plane, shape);
            sections.add(part.section());
        }
        return new StoredTensor(ggufName(name, module) + ".weight", "pack-quantized", Optional.of(layout), shape, false,
                sections);
    }

    /** The packed tensor's shape is rounded up to whole words; {@code weight_shape} has the true one. */
    private MatrixShape logicalShape(String name, String module) throws IOException {
        ShardedTensors.Located located = companion(module, SHAPE);
        if (located.type() != SafetensorsType.I64 || !located.shape().equals(List.of(2L))) {
            throw error(module + SHAPE, located.type() + " " + located.shape() + ", but I64 [2] is expected");
        }
        ByteBuffer shape = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        Path file = source.files().get(located.section().file()).path();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (shape.hasRemaining()) {
                if (channel.read(shape, located.section().offset() + shape.position()) <= 0) {
                    throw error(module + SHAPE, "the file became shorter while it was read");
                }
            }
        }
        return new MatrixShape(dimension(name, shape.getLong(0)), dimension(name, shape.getLong(8)));
    }

    private void checkGrid(String name, ShardedTensors.Located part, Plane plane, MatrixShape shape)
            throws ModelFormatException {
        long rows = Math.ceilDiv(shape.rows(), plane.blockRows());
        long across = plane.blocksAcross(shape.columns());
        boolean words = part.type() == SafetensorsType.I32;
        if (!words && !name.endsWith("_scale")) {
            throw error(name, "its type is " + part.type() + ", not I32");
        }
        boolean isVector = across == 1 && part.shape().equals(List.of(rows));
        if (!isVector && !part.shape().equals(List.of(rows, across))) {
            throw error(name, "its shape is " + part.shape() + ", but a matrix of " + shape.rows() + " x " + shape.columns()
                    + " needs " + List.of(rows, across));
        }
    }

    private ShardedTensors.Located companion(String module, String suffix) throws ModelFormatException {
        ShardedTensors.Located located = source.tensors().get(module + suffix);
        if (located == null) {
            throw error(module + suffix, "it is missing");
        }
        return located;
    }

    private String ggufName(String name, String module) throws ModelFormatException {
        return architecture.ggufName(module, layers).orElseThrow(() -> unknown(name));
    }

    private ModelFormatException unknown(String name) {
        return error(name, "a model of this type with " + layers + " layers does not have it; this folder is damaged or holds"
                + " another kind of model");
    }

    private int dimension(String name, long size) throws ModelFormatException {
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw error(name, "a dimension of " + size + ", but 1 to " + Integer.MAX_VALUE + " are possible");
        }
        return (int) size;
    }

    private ModelFormatException error(String tensor, String what) {
        return new ModelFormatException(folder + ": tensor " + tensor + ": " + what);
    }
}
