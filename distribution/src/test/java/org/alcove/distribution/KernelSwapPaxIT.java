package org.alcove.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.WorkerStatus;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;

/** The symmetric kernel is replaced, removed and brought back while an answer is written. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KernelSwapPaxIT {

    private static final String KERNEL = "org.alcove.kernel-sym-int4";
    private static final String PROMPT = "Once upon a time";
    private static final int TOKENS = 200;
    /** So few that no answer is over before its kernel has come and gone. */
    private static final int TOKENS_A_SECOND = 50;
    /** Seconds for which a kernel may be away; putting one in its place takes a busy machine some. */
    private static final int PATIENT = 120;
    /** A feature that all native tiers need. */
    private static final String EVERY_NATIVE_TIER = "cpu.fma";

    @Inject
    private BundleContext context;
    private RunningModel model;

    @Configuration
    public Option[] configuration() {
        return InsideFramework.options();
    }

    @Before
    public void serveQuantizedModel() throws IOException {
        serve(PATIENT);
    }

    private void serve(int graceSeconds) throws IOException {
        Path folder = ScratchFolder.make("swap");
        Path target = folder.resolve("small.gguf");
        Quantizer.Order order =
                new Quantizer.Order(Distribution.smallModel(), target, "sym_int4", 32, Quantizer.Container.GGUF);
        RunningModel.service(context, Quantizer.class).quantize(order, progress -> { });
        model = RunningModel.serve(context, folder.getFileName().toString(), target,
                Map.of("swap_grace_seconds", graceSeconds, "max_tokens_per_second", TOKENS_A_SECOND));
    }

    @After
    public void stopModel() throws IOException {
        // There is none where the fixture is absent: a failure here would make one of what is to be skipped.
        if (model != null) {
            model.stop();
        }
    }

    private Bundle kernel() {
        return Arrays.stream(context.getBundles()).filter(bundle -> KERNEL.equals(bundle.getSymbolicName())).findFirst()
                .orElseThrow();
    }

    private static InputStream jar() throws IOException {
        return Files.newInputStream(Distribution.home().resolve("plugins/kernel-sym-int4.jar"));
    }

    @Test
    public void replacingTheKernelMidStreamLeavesTheTextAsItIs() throws Exception {
        String expected = model.text(PROMPT, TOKENS);
        assertFalse(expected.isEmpty());
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                text.append(RunningModel.deltas(generation, 3));
                try (InputStream jar = jar()) {
                    kernel().update(jar);
                }
            }
            text.append(RunningModel.rest(generation));
            assertEquals(expected, text.toString());
        }
    }

    @Test
    public void removingTheKernelPausesTheStreamAndBringingItBackContinuesIt() throws Exception {
        String expected = model.text(PROMPT, TOKENS);
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            String text = RunningModel.deltas(generation, 5);
            kernel().stop();
            model.awaitState(WorkerStatus.State.PAUSED);
            assertTrue(model.reason(), model.reason().contains("sym_int4"));
            kernel().start();
            assertEquals(expected, text + RunningModel.rest(generation));
        }
        model.awaitState(WorkerStatus.State.READY);
    }

    @Test
    public void aKernelThatDoesNotComeBackEndsTheStreamWithTheReason() throws Exception {
        model.stop();
        serve(2);
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            RunningModel.deltas(generation, 5);
            kernel().stop();
            Failure failure = failure(generation);
            assertTrue(failure.toString(), failure instanceof Failure.Unavailable && failure.message().contains("sym_int4"));
        } finally {
            start();
        }
        model.awaitState(WorkerStatus.State.READY);
        assertFalse(model.text(PROMPT, 5).isEmpty());
    }

    @Test
    public void withdrawingTierAfterTierMidStreamGivesTheSameText() throws Exception {
        String expected = model.text(PROMPT, TOKENS);
        Set<String> all = kernelTiers();
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            String text = RunningModel.deltas(generation, 5);
            disableFeatures(EVERY_NATIVE_TIER);
            RunningModel.await("Vector and Reference kernels alone", () -> kernelTiers().equals(Set.of("vector", "reference")));
            text += RunningModel.deltas(generation, 5);
            disableFeatures(EVERY_NATIVE_TIER, "jvm.vector");
            RunningModel.await("Reference kernels alone", () -> kernelTiers().equals(Set.of("reference")));
            text += RunningModel.deltas(generation, 5);
            disableFeatures();
            RunningModel.await("all kernels again", () -> kernelTiers().equals(all));
            assertEquals(expected, text + RunningModel.rest(generation));
        }
    }

    private void disableFeatures(String... features) throws IOException {
        RunningModel.service(context, ConfigurationAdmin.class).getConfiguration("org.alcove.weights.machine", "?")
                .update(new Hashtable<>(Map.of("cpu.disabled", features)));
    }

    private Set<String> kernelTiers() {
        try {
            return context.getServiceReferences(QuantizationKernel.class, null).stream()
                    .map(kernel -> (String) kernel.getProperty(QuantizationFormat.TIER)).collect(Collectors.toSet());
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void start() throws BundleException {
        kernel().start();
    }

    private static Failure failure(Generation generation) throws InterruptedException {
        GenerationEvent event = generation.next();
        while (event != null && !(event instanceof GenerationEvent.Failed)) {
            event = generation.next();
        }
        assertNotNull("the stream ended without a failure", event);
        return ((GenerationEvent.Failed) event).failure();
    }
}
