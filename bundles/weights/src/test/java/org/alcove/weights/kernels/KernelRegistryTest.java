package org.alcove.weights.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.weights.KernelFaultException;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.sample.PlainKernel;
import org.alcove.weights.sample.Services;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;

@Timeout(300)
class KernelRegistryTest {

    private static final PackedLayout GROUP_64 = Layouts.packQuantized(true, 64, Layouts.F16);

    private final KernelRegistry registry = new KernelRegistry(() -> false);
    private final KernelSelection selection = registry.select(List.of(Layouts.F32));

    private static ServiceReference<QuantizationKernel> reference(long id, int ranking, String tier, String... formats) {
        return Services.reference(Map.of("service.id", id, "service.ranking", ranking, "alcove.tier", tier,
                "alcove.quantization.format", formats));
    }

    @Test
    void theHighestRankingThatKnowsTheLayoutServes() {
        registry.bind(new PlainKernel(), reference(1, 0, "reference", "f32"));
        assertEquals("f32 (reference)", selection.describe());
        registry.bind(new PlainKernel(), reference(2, 100, "vector", "f32", "f16"));
        registry.bind(new PlainKernel(GROUP_64), reference(3, 200, "other-layout", "f32", "sym_int4"));
        registry.bind(new PlainKernel(), reference(4, 300, "not-announced", "bf16"));
        registry.bind(new PlainKernel(), reference(5, 100, "younger", "f32"));
        assertEquals("f32 (vector)", selection.describe());
        try (KernelHold hold = selection.hold()) {
            assertEquals("vector", hold.kernel(0).tier());
        }
        registry.update(new PlainKernel(), reference(1, 500, "promoted", "f32"));
        assertEquals("f32 (promoted)", selection.describe());
        registry.unbind(null, reference(1, 500, "promoted", "f32"));
        assertEquals("f32 (vector)", selection.describe());
    }

    @Test
    void aFormatGivenAsOneTextCounts() {
        registry.bind(new PlainKernel(), Services.reference(Map.of("service.id", 1L, "alcove.quantization.format", "f32")));
        assertEquals("f32 (no tier given)", selection.describe());
    }

    @Test
    void withoutAKernelTheExceptionNamesTheFormat() {
        KernelSelection grouped = registry.select(List.of(Layouts.F32, GROUP_64));
        registry.bind(new PlainKernel(), reference(1, 0, "reference", "f32"));
        KernelUnavailableException error = assertThrows(KernelUnavailableException.class, grouped::hold);
        assertEquals("sym_int4", error.format());
        assertEquals("no kernel multiplies sym_int4 of layout pack_quantized_f16, group 64; install a kernel bundle for it"
                + " (installed are PlainKernel of bundle org.example.kernel 1.2.3 (reference, ranking 0))", error.getMessage());
        assertEquals("f32 (reference), sym_int4 (none)", grouped.describe());
    }

    @Test
    void aKernelThatCannotListItsLayoutsIsLeftOut() {
        PlainKernel broken = new PlainKernel();
        broken.fail(new IllegalStateException("broken"));
        registry.bind(new PlainKernel(), reference(1, 0, "reference", "f32"));
        registry.bind(broken, reference(2, 100, "broken", "f32"));
        assertEquals("f32 (reference)", selection.describe());
    }

    @Test
    void whatAKernelThrowsIsBlamedOnItsBundle() {
        PlainKernel kernel = new PlainKernel();
        registry.bind(kernel, reference(1, 0, "reference", "f32"));
        kernel.fail(new ArrayIndexOutOfBoundsException("7"));
        try (KernelHold hold = selection.hold()) {
            KernelFaultException error = assertThrows(KernelFaultException.class, () -> hold.kernel(0).scratchBytes(1, null));
            assertTrue(error.getMessage().startsWith("kernel PlainKernel of bundle org.example.kernel 1.2.3 failed while sizing"
                    + " scratch memory: java.lang.ArrayIndexOutOfBoundsException: 7"), error.getMessage());
        }
    }

    @Test
    void aKernelLeavesOnlyWhenNothingIsComputedWithIt() throws InterruptedException {
        ServiceReference<QuantizationKernel> reference = reference(1, 0, "reference", "f32");
        registry.bind(new PlainKernel(), reference);
        KernelHold hold = selection.hold();
        CountDownLatch gone = new CountDownLatch(1);
        Thread unbinding = Thread.ofPlatform().start(() -> {
            registry.unbind(null, reference);
            gone.countDown();
        });
        assertFalse(gone.await(50, TimeUnit.MILLISECONDS), "it left from under a lease");
        assertEquals("reference", hold.kernel(0).tier());
        hold.close();
        assertTrue(gone.await(60, TimeUnit.SECONDS));
        unbinding.join();
        assertThrows(IllegalStateException.class, () -> hold.kernel(0));
        assertThrows(KernelUnavailableException.class, selection::hold);
    }

    @Test
    void aSecondHoldOfTheSameThreadDoesNotDeadlockWithAWaitingChange() throws InterruptedException {
        registry.bind(new PlainKernel(), reference(1, 0, "reference", "f32"));
        Thread binding;
        try (KernelHold outer = selection.hold()) {
            binding = Thread.ofPlatform().start(() -> registry.bind(new PlainKernel(), reference(2, 100, "vector", "f32")));
            while (binding.getState() != Thread.State.WAITING) {
                assertTrue(binding.isAlive(), "it did not wait for the lease");
                Thread.onSpinWait();
            }
            try (KernelHold inner = selection.hold()) {
                assertEquals(outer.kernel(0), inner.kernel(0));
            }
        }
        binding.join();
        assertEquals("f32 (vector)", selection.describe());
    }

    @Test
    void waitingEndsWhenAKernelComes() throws InterruptedException {
        assertFalse(selection.await(1, TimeUnit.MILLISECONDS));
        CountDownLatch there = new CountDownLatch(1);
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                if (selection.await(60, TimeUnit.SECONDS)) {
                    there.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        registry.bind(new PlainKernel(GROUP_64), reference(1, 0, "reference", "sym_int4"));
        registry.bind(new PlainKernel(), reference(2, 0, "reference", "f32"));
        assertTrue(there.await(60, TimeUnit.SECONDS));
        waiting.join();
    }
}
