package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.ModelFile;
import org.alcove.weights.Weights;
import org.alcove.weights.gguf.GgufKey;
import org.alcove.weights.gguf.GgufKeys;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.DelegatingKernel;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelQuantizerTest {

    @TempDir
    Path folder;
    Path source;
    Path target;

    private final KernelRegistry kernels = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks(), new ReferenceSymInt4(),
            new ReferenceAsymInt4());
    private final MappedWeightStore store = new MappedWeightStore(kernels);
    private final Quantizer quantizer = new ModelQuantizer(store, kernels);

    @BeforeEach
    void findSource() {
        source = Path.of(System.getProperty("alcove.shared"), "data", "models", "stories260K", "stories260K.gguf");
        Assumptions.assumeTrue(Files.exists(source), "SKIPPED: the fixture stories260K.gguf is not here");
        target = folder.resolve("small.gguf");
    }

    private Quantizer.Order gguf(String scheme) {
        return new Quantizer.Order(source, target, scheme, 32, Quantizer.Container.GGUF);
    }

    @ParameterizedTest
    @CsvSource({"sym_int4, Q4_0, 0.15", "asym_int4, Q4_1, 0.12", "sym_int8, Q8_0, 0.01"})
    void blocksGetTheSchemeAndVectorsStayFloat32(String scheme, String type, double worstRmse) throws IOException {
        Quantizer.Report report = quantizer.quantize(gguf(scheme), progress -> { });
        ModelFile written = store.describe(target);
        assertEquals(type, written.tensors().get("blk.0.attn_q.weight").type());
        assertEquals("Q8_0", written.tensors().get("token_embd.weight").type());
        assertEquals("F32", written.tensors().get("blk.0.attn_norm.weight").type());
        assertEquals("F32", written.tensors().get("blk.0.ffn_down.weight").type());
        Map<String, Quantizer.Tensor> tensors =
                report.tensors().stream().collect(Collectors.toMap(Quantizer.Tensor::name, tensor -> tensor));
        assertTrue(tensors.get("blk.0.ffn_down.weight").note().contains("172 columns are no multiple of 32"));
        assertEquals(0, tensors.get("blk.0.ffn_down.weight").maxError());
        double rmse = tensors.get("blk.0.attn_q.weight").rmse();
        assertTrue(rmse > 0 && rmse < worstRmse, scheme + " " + rmse);
        assertEquals(tensors.values().stream().mapToLong(Quantizer.Tensor::bytesAfter).sum(), report.bytesAfter());
    }

    @Test
    void everyValueIsThatOfTheSourceWithinTheReportedError() throws IOException {
        Quantizer.Report report = quantizer.quantize(gguf("asym_int4"), progress -> { });
        try (Weights before = store.open(source); Weights after = store.open(target)) {
            for (Quantizer.Tensor tensor : report.tensors()) {
                int length = (int) before.floats(tensor.name()).shape().size();
                float[] expected = before.vector(tensor.name(), length);
                float[] actual = after.vector(tensor.name(), length);
                for (int i = 0; i < length; i++) {
                    double error = Math.abs((double) expected[i] - actual[i]);
                    assertTrue(error <= tensor.maxError(), tensor.name() + " " + i + ": " + expected[i] + " " + actual[i]);
                }
            }
        }
    }

    @Test
    void keysAreCopiedWithTheirTypesAndSayHowTheFileIsQuantized() throws IOException {
        quantizer.quantize(gguf("sym_int4"), progress -> { });
        Map<String, GgufKey> before = GgufKeys.read(source);
        Map<String, GgufKey> after = GgufKeys.read(target);
        before.forEach((name, key) -> {
            if (!name.equals("general.file_type") && !name.equals("general.quantization_version")) {
                assertArrayEquals(key.encoded(), after.get(name).encoded(), name);
            }
        });
        assertEquals(2, store.describe(target).integer("general.file_type").orElseThrow());
    }

    @Test
    void progressReachesTheEnd() throws IOException {
        List<Quantizer.Progress> seen = new ArrayList<>();
        quantizer.quantize(gguf("sym_int4"), seen::add);
        assertEquals(seen.getLast().total(), seen.size());
        assertEquals(seen.getLast().bytesTotal(), seen.getLast().bytesDone());
    }

    @Test
    void anExistingTargetIsLeftAlone() throws IOException {
        Files.writeString(target, "precious");
        assertThrows(IOException.class, () -> quantizer.quantize(gguf("sym_int4"), progress -> { }));
        assertEquals("precious", Files.readString(target));
    }

    @Test
    void aModelThatIsQuantizedAlreadyIsRefusedByTensor() throws IOException {
        quantizer.quantize(gguf("sym_int4"), progress -> { });
        Quantizer.Order again =
                new Quantizer.Order(target, folder.resolve("again.gguf"), "asym_int4", 32, Quantizer.Container.GGUF);
        String message = assertThrows(IOException.class, () -> quantizer.quantize(again, progress -> { })).getMessage();
        assertTrue(message.contains("is Q4_0 already"), message);
    }

    @Test
    void aFailureHalfwayLeavesNothingBehind() throws IOException {
        KernelRegistry failing = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks(), new FailingKernel());
        Quantizer broken = new ModelQuantizer(new MappedWeightStore(failing), failing);
        assertThrows(RuntimeException.class, () -> broken.quantize(gguf("sym_int4"), progress -> { }));
        KernelRegistry none = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks());
        Quantizer poor = new ModelQuantizer(new MappedWeightStore(none), none);
        assertThrows(KernelUnavailableException.class, () -> poor.quantize(gguf("sym_int4"), progress -> { }));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aLeftOverPartOfACrashIsOverwritten() throws IOException {
        Files.write(folder.resolve("small.gguf.part"), new byte[1 << 20]);
        quantizer.quantize(gguf("sym_int4"), progress -> { });
        assertTrue(Files.size(target) < 1 << 20);
        assertFalse(Files.exists(folder.resolve("small.gguf.part")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fp7       | 32   | GGUF | choose one of sym_int4, asym_int4, sym_int8
            sym_int4  | 48   | GGUF | group size 48 is not supported
            sym_int4  | 64   | GGUF | GGUF holds groups of 32 only
            sym_int8  | 32   | HF   | sym_int8 is written as GGUF only
            """)
    void ordersThatMakeNoSenseAreRefusedWithWhatCanBeHad(String scheme, int group, Quantizer.Container container, String reason) {
        Quantizer.Order order = new Quantizer.Order(source, target, scheme, group, container);
        String message =
                assertThrows(IllegalArgumentException.class, () -> quantizer.quantize(order, progress -> { })).getMessage();
        assertTrue(message.contains(reason), message);
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
