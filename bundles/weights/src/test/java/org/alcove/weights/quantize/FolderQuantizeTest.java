package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.weights.ModelFile;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.DelegatingKernel;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders as sources and as targets. */
class FolderQuantizeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final KernelRegistry kernels = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks(), new ReferenceSymInt4(),
            new ReferenceAsymInt4());
    private final MappedWeightStore store = new MappedWeightStore(kernels);
    private final Quantizer quantizer = new ModelQuantizer(store, kernels);

    private Quantizer.Report quantize(Path source, String target, String scheme, int group, Quantizer.Container container)
            throws IOException {
        return quantizer.quantize(new Quantizer.Order(source, folder.resolve(target), scheme, group, container), progress -> { });
    }

    private void assertValuesWithinReportedError(Path source, Path written, Quantizer.Report report) throws IOException {
        try (Weights before = store.open(source); Weights after = store.open(written)) {
            for (Quantizer.Tensor tensor : report.tensors()) {
                int length = (int) before.floats(tensor.name()).shape().size();
                float[] expected = before.vector(tensor.name(), length);
                float[] actual = after.vector(tensor.name(), length);
                double worst = 0;
                for (int i = 0; i < length; i++) {
                    worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
                }
                assertEquals(tensor.maxError(), worst, tensor.name());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"sym_int4, 32", "sym_int4, 128", "sym_int4, 0", "asym_int4, 64", "asym_int4, 128", "asym_int4, 0"})
    void aFolderIsPackedWithinTheReportedError(String scheme, int group) throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        Files.writeString(source.resolve("tokenizer.json"), "{\"kept\": true}");
        Quantizer.Report report = quantize(source, "small", scheme, group, Quantizer.Container.HF);
        Path small = folder.resolve("small");
        assertValuesWithinReportedError(source, small, report);
        ModelFile written = store.describe(small);
        assertEquals("pack-quantized", written.tensors().get("blk.1.ffn_down.weight").type());
        assertEquals(scheme, written.tensors().get("blk.1.ffn_down.weight").format());
        assertEquals("F32", written.tensors().get("output.weight").type());
        assertEquals("{\"kept\": true}", Files.readString(small.resolve("tokenizer.json")));
        JsonNode config = JSON.readTree(small.resolve("config.json").toFile());
        JsonNode quantization = config.get("quantization_config");
        assertEquals("compressed-tensors", quantization.get("quant_method").textValue());
        assertEquals(scheme.equals("sym_int4"), quantization.at("/config_groups/group_0/weights/symmetric").booleanValue());
        assertEquals(group == PackedLayout.CHANNEL ? "channel" : "group",
                quantization.at("/config_groups/group_0/weights/strategy").textValue());
        assertEquals("[\"lm_head\"]", quantization.get("ignore").toString());
        assertEquals("float16", config.get("torch_dtype").textValue());
        assertEquals(500_000, config.get("rope_theta").doubleValue());
        assertTrue(report.bytesAfter() < report.bytesBefore() / 4);
    }

    @Test
    void matricesThatDoNotDivideStayAsTheyAreAndAreIgnoredByName() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        quantize(source, "small", "sym_int4", 256, Quantizer.Container.HF);
        JsonNode ignore = JSON.readTree(folder.resolve("small/config.json").toFile()).at("/quantization_config/ignore");
        assertTrue(ignore.toString().contains("\"model.layers.1.self_attn.q_proj\""), ignore.toString());
        assertFalse(ignore.toString().contains("down_proj"), ignore.toString());
        assertFalse(ignore.toString().contains("norm"), ignore.toString());
        assertEquals("F32", store.describe(folder.resolve("small")).tensors().get("blk.1.attn_q.weight").type());
    }

    @Test
    void largeFoldersAreCutIntoFilesWithAnIndex() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        Path small = folder.resolve("small");
        Quantizer.Order order = new Quantizer.Order(source, small, "asym_int4", 32, Quantizer.Container.HF);
        try (Weights weights = store.open(source)) {
            FolderFiles files = new FolderFiles(order, weights.file(), new float[0]);
            List<TensorPlan> plans = new QuantizationPlan(order).of(weights.file(),
                    SourceTensors.of(weights, Quantizer.Container.HF, Quantizer.Container.HF));
            var tensors = files.tensors(plans);
            Map<String, byte[]> beside = files.beside(tensors, Optional.empty());
            try (FolderTarget target = new FolderTarget(small, tensors, beside, 50_000)) {
                for (int i = 0; i < plans.size(); i++) {
                    TensorPlan plan = plans.get(i);
                    new MatrixPacker(kernels.select(List.of(plan.layout())), plan.layout(), ForkJoinPool.commonPool())
                            .pack(plan.source(), target.sink(i, plan.layout()));
                }
                target.complete();
            }
        }
        try (Stream<Path> list = Files.list(small)) {
            assertTrue(list.filter(file -> file.toString().endsWith(".safetensors")).count() > 2);
        }
        quantize(source, "whole", "asym_int4", 32, Quantizer.Container.HF);
        try (Weights cut = store.open(small); Weights whole = store.open(folder.resolve("whole"))) {
            for (ModelFile.Tensor tensor : whole.file().tensors().values()) {
                int length = (int) tensor.shape().size();
                assertArrayEquals(whole.vector(tensor.name(), length), cut.vector(tensor.name(), length), tensor.name());
            }
        }
    }

    @Test
    void aFailureHalfwayLeavesNoFolder() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        KernelRegistry failing = KernelRegistry.of(new ReferenceDense(), new FailingKernel());
        Quantizer broken = new ModelQuantizer(new MappedWeightStore(failing), failing);
        Quantizer.Order order =
                new Quantizer.Order(source, folder.resolve("small"), "sym_int4", 64, Quantizer.Container.HF);
        assertThrows(RuntimeException.class, () -> broken.quantize(order, progress -> { }));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(source), left.toList());
        }
    }

    @Test
    void aLeftOverFolderOfACrashIsEmptiedButNotAStrangersFolder() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        Path part = Files.createDirectories(folder.resolve("small.part"));
        Files.write(part.resolve("model-00001-of-00009.safetensors"), new byte[100]);
        quantize(source, "small", "sym_int4", 64, Quantizer.Container.HF);
        assertFalse(Files.exists(part));
        try (Stream<Path> files = Files.list(folder.resolve("small"))) {
            assertEquals(List.of("config.json", "model.safetensors"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        Path strange = Files.createDirectories(folder.resolve("other.part"));
        Files.writeString(strange.resolve("thesis.doc"), "precious");
        String message = assertThrows(IOException.class,
                () -> quantize(source, "other", "sym_int4", 64, Quantizer.Container.HF)).getMessage();
        assertTrue(message.contains("holds thesis.doc"), message);
        assertEquals("precious", Files.readString(strange.resolve("thesis.doc")));
        assertThrows(IOException.class, () -> quantize(source, "small", "sym_int4", 64, Quantizer.Container.HF));
    }

    /** Symmetric, group 64, against the layout as docs/formats.md has it, computed here from the source's floats. */
    @Test
    void theBytesAreThoseOfPackQuantized() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        for (String scheme : List.of("sym_int4", "asym_int4")) {
            quantize(source, scheme, scheme, 64, Quantizer.Container.HF);
            byte[] file = Files.readAllBytes(folder.resolve(scheme).resolve("model.safetensors"));
            try (Weights weights = store.open(source)) {
                float[] values = weights.vector("blk.1.attn_k.weight", 64 * 128);
                PackQuantized expected = PackQuantized.of(values, 64, 128, 64, scheme.equals("sym_int4"));
                String module = "model.layers.1.self_attn.k_proj.";
                assertArrayEquals(expected.packed(), tensor(file, module + "weight_packed", "I32", "[64,16]"), scheme);
                assertArrayEquals(expected.scales(), tensor(file, module + "weight_scale", "F16", "[64,2]"), scheme);
                assertArrayEquals(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(64).putLong(128).array(),
                        tensor(file, module + "weight_shape", "I64", "[2]"), scheme);
                if (scheme.equals("asym_int4")) {
                    assertArrayEquals(expected.zeroPoints(), tensor(file, module + "weight_zero_point", "I32", "[8,2]"));
                }
            }
        }
    }

    private static byte[] tensor(byte[] file, String name, String type, String shape) throws IOException {
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        JsonNode entry = JSON.readTree(file, 8, header).get(name);
        assertEquals(type, entry.get("dtype").textValue());
        assertEquals(shape, entry.get("shape").toString());
        int begin = 8 + header + entry.at("/data_offsets/0").intValue();
        return Arrays.copyOfRange(file, begin, 8 + header + entry.at("/data_offsets/1").intValue());
    }

    /** Packs some matrices, then throws. */
    private static final class FailingKernel extends DelegatingKernel {

        private int left = 3;

        FailingKernel() {
            super(new ReferenceSymInt4());
        }

        @Override
        public void pack(FloatMatrix matrix, PackedMatrix packed) {
            if (left-- == 0) {
                throw new IllegalStateException("broken on purpose");
            }
            super.pack(matrix, packed);
        }
    }
}
