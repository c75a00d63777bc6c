package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.alcove.api.control.Quantizer;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.kernel.asymint4.Avx2AsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.Avx2SymInt4;
import org.alcove.nativelibrary.ProcessorFlags;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.quantize.ModelQuantizer;
import org.alcove.weights.store.InterleavedCopies;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy with rows side by side that is taken while an answer is written. */
class InterleavedCopyTest {

    private static final SequenceRequest REQUEST =
            SequenceRequest.of(new int[] {1, 403, 407, 261, 378}, Engines.sampling(7), 80, Set.of());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sym_int4", "asym_int4"})
    void anAnswerDuringWhichTheCopyIsTakenIsTheAnswerWithoutIt(String scheme) throws Exception {
        Assumptions.assumeTrue(ProcessorFlags.ofThisMachine().containsAll(List.of("avx2", "fma", "f16c")),
                "NOT TESTED: needs avx2");
        Path model = folder.resolve("model.gguf");
        try (Avx2SymInt4 sym = new Avx2SymInt4(); Avx2AsymInt4 asym = new Avx2AsymInt4()) {
            Assumptions.assumeFalse(sym.layouts().isEmpty(), "NOT TESTED: built without a C compiler");
            KernelRegistry kernels = KernelRegistry.of(sym, asym, new ReferenceDense(), new ReferenceBlocks());
            MappedWeightStore store = new MappedWeightStore(kernels);
            new ModelQuantizer(store, kernels).quantize(new Quantizer.Order(Stories.file("stories260K.gguf"), model, scheme, 32,
                    Quantizer.Container.GGUF), progress -> { });
            int[] expected;
            try (Engine engine = Engines.open(store.open(model), Engines.SETTINGS)) {
                expected = Answers.ids(engine.submit(REQUEST));
            }
            CountDownLatch begun = new CountDownLatch(1);
            InterleavedCopies copies = new InterleavedCopies(
                    new CopySettings(true, folder.resolve("copies"), 1 << 30, 0, 0), () -> afterThat(begun));
            try (Engine engine = Engines.open(new MappedWeightStore(kernels, copies).open(model), Engines.SETTINGS)) {
                TokenStream stream = engine.submit(REQUEST);
                int[] answer = new int[expected.length];
                for (int i = 0; i < answer.length; i++) {
                    if (i == 10) {
                        begun.countDown();
                        copies.await();
                    }
                    answer[i] = assertInstanceOf(TokenEvent.Token.class, stream.next()).id();
                }
                assertArrayEquals(expected, answer);
            }
            try (Stream<Path> files = Files.list(folder.resolve("copies"))) {
                assertTrue(files.anyMatch(file -> file.toString().endsWith(".interleaved")), "no copy was made");
            }
        }
    }

    private static long afterThat(CountDownLatch begun) {
        try {
            begun.await();
            return 1 << 30;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
