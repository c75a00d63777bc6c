package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Failed;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.engine.TokenStream;
import org.alcove.engine.forward.TinyModels;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.base.VectorDense;
import org.alcove.weights.KernelFaultException;
import org.junit.jupiter.api.Test;

/** Kernels that go away, come back or throw while sequences are computed. */
class KernelSwapTest {

    private static final SequenceRequest REQUEST = Engines.request(40, 60, 9);

    @Test
    void aSequencePausesWithoutAKernelAndGoesOnWithTheSameText() throws Exception {
        int[] expected = Engines.alone(REQUEST);
        MemoryWeights weights = Engines.tiny();
        int pauses = 0;
        // So slowly that it has not written everything before the first kernel goes.
        try (Engine engine = Engines.open(weights, Engines.SETTINGS.withMaxTokensPerSecond(100))) {
            TokenStream stream = engine.submit(REQUEST);
            int[] answer = new int[60];
            for (int i = 0; i < 60; i++) {
                if (i % 7 == 3) {
                    weights.removeKernelsAfter(i % 4);
                    boolean done = i > 55;
                    Await.until("the kernel is missed", () -> done || engine.status().missing().equals("f32")
                            || engine.status().running() == 0);
                    pauses += engine.status().missing().isEmpty() ? 0 : 1;
                    weights.putBack(i % 2 == 0 ? new ReferenceDense() : new VectorDense());
                }
                answer[i] = assertInstanceOf(TokenEvent.Token.class, stream.next()).id();
            }
            assertArrayEquals(expected, answer);
            assertInstanceOf(TokenEvent.Finished.class, stream.next());
            assertTrue(pauses > 0);
        }
    }

    @Test
    void afterTheGracePeriodSequencesFailAndNewOnesWaitAnew() throws Exception {
        AtomicLong clock = new AtomicLong();
        MemoryWeights weights = Engines.tiny();
        try (Engine engine = Engines.open(weights, Engines.SETTINGS, clock::get)) {
            weights.removeKernelsAfter(0);
            TokenStream first = engine.submit(REQUEST);
            Await.until("the kernel is missed", () -> engine.status().missing().equals("f32"));
            clock.addAndGet(Engines.SETTINGS.swapGrace().toNanos());
            Failed failed = assertInstanceOf(Failed.class, first.next());
            assertEquals(Fault.NO_KERNEL, failed.fault());
            assertTrue(failed.message().contains("f32"));
            assertEquals("f32", engine.status().missing());
            TokenStream second = engine.submit(REQUEST);
            weights.putBack(new ReferenceDense());
            assertArrayEquals(Engines.alone(REQUEST), Answers.ids(second));
            assertEquals("", engine.status().missing());
            assertEquals(0, engine.status().kvBlocksUsed());
        }
    }

    @Test
    void whoComesLongAfterAKernelWentAwayWaitsForTheWholeGracePeriod() throws Exception {
        AtomicLong clock = new AtomicLong();
        MemoryWeights weights = Engines.tiny();
        weights.removeKernelsAfter(0);
        try (Engine engine = Engines.open(weights, Engines.SETTINGS, clock::get)) {
            clock.addAndGet(10 * Engines.SETTINGS.swapGrace().toNanos());
            Await.until("the engine looked around", () -> engine.status().lastStepNanos() == clock.get());
            TokenStream stream = engine.submit(REQUEST);
            Await.until("the sequence waits", () -> engine.status().waiting() == 1);
            clock.addAndGet(Engines.SETTINGS.swapGrace().toNanos() - 1);
            weights.putBack(new ReferenceDense());
            assertArrayEquals(Engines.alone(REQUEST), Answers.ids(stream));
        }
    }

    @Test
    void anEngineOpensWithoutAKernelAndAnswersOnceItIsThere() throws Exception {
        MemoryWeights weights = Engines.tiny();
        weights.removeKernelsAfter(0);
        try (Engine engine = Engines.open(weights, Engines.SETTINGS)) {
            assertEquals("f32", engine.status().missing());
            TokenStream stream = engine.submit(REQUEST);
            weights.putBack(new ReferenceDense());
            assertArrayEquals(Engines.alone(REQUEST), Answers.ids(stream));
        }
    }

    @Test
    void closingDoesNotWaitForTheGracePeriod() throws Exception {
        MemoryWeights weights = Engines.tiny();
        Engine engine = Engines.open(weights, Engines.SETTINGS);
        weights.removeKernelsAfter(0);
        TokenStream stream = engine.submit(REQUEST);
        Await.until("the kernel is missed", () -> engine.status().missing().equals("f32"));
        engine.close();
        assertEquals(Fault.CLOSED, assertInstanceOf(Failed.class, stream.next()).fault());
        assertTrue(weights.isClosed());
    }

    @Test
    void aKernelThatThrowsFailsTheStepAndTheEngineLivesOn() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        MemoryWeights weights = new MemoryWeights(TinyModels.of("llama"), breakable(broken));
        try (Engine engine = Engines.open(weights, Engines.SETTINGS.withThreads(2))) {
            broken.set(true);
            List<TokenEvent> events = Answers.events(engine.submit(REQUEST));
            assertEquals(List.of(new Failed(Fault.INTERNAL, "kernel of bundle test failed")), events);
            broken.set(false);
            assertArrayEquals(Engines.alone(REQUEST), Answers.ids(engine.submit(REQUEST)));
        }
    }

    private static QuantizationKernel breakable(AtomicBoolean broken) {
        QuantizationKernel kernel = new ReferenceDense();
        return (QuantizationKernel) Proxy.newProxyInstance(KernelSwapTest.class.getClassLoader(),
                new Class<?>[] {QuantizationKernel.class}, (proxy, method, arguments) -> {
                    if (broken.get() && method.getName().equals("multiply")) {
                        throw new KernelFaultException("kernel of bundle test failed", null);
                    }
                    return method.invoke(kernel, arguments);
                });
    }

    @Test
    void numbersThatAreNotFiniteFailTheSequence() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        QuantizationKernel kernel = new ReferenceDense();
        QuantizationKernel poisoned = (QuantizationKernel) Proxy.newProxyInstance(KernelSwapTest.class.getClassLoader(),
                new Class<?>[] {QuantizationKernel.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(kernel, arguments);
                    if (broken.get() && method.getName().equals("unpack")) {
                        ((MemorySegment) arguments[2]).set(java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, Float.NaN);
                    }
                    return result;
                });
        try (Engine engine = Engines.open(new MemoryWeights(TinyModels.of("llama"), poisoned), Engines.SETTINGS)) {
            broken.set(true);
            Failed failed = assertInstanceOf(Failed.class, engine.submit(REQUEST).next());
            assertEquals(Fault.INTERNAL, failed.fault());
            assertTrue(failed.message().contains("not finite"), failed.message());
        }
    }
}
