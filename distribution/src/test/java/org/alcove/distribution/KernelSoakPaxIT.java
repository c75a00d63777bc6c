package org.alcove.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import javax.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.alcove.api.control.Quantizer;
import org.alcove.api.worker.Generation;
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
import org.osgi.framework.wiring.BundleWiring;

/**
 * A kernel is replaced over and over while answers are written: {@code alcove.soak.swaps} times, 60 where it is not set and
 * 10,000 with {@code ./alcove test --soak}.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KernelSoakPaxIT {

    private static final String KERNEL = "org.alcove.kernel-sym-int4";
    private static final String PROMPT = "Once upon a time";
    private static final int TOKENS = 100;
    private static final int SWAPS = Integer.getInteger("alcove.soak.swaps", 60);
    private static final int SWAPS_A_STREAM = 20;
    /** So few that no answer is over before its last swap. */
    private static final int TOKENS_A_SECOND = 50;
    /** Threads of pools come and go by themselves. */
    private static final int THREADS_MORE = 3;
    /** The one in use, and one that a cache of the JDK may still know. */
    private static final int LOADERS = 2;

    @Inject
    private BundleContext context;
    private RunningModel model;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    @Configuration
    public Option[] configuration() {
        return InsideFramework.options();
    }

    @Before
    public void serveQuantizedModel() throws IOException {
        Path folder = ScratchFolder.make("swap");
        Path target = folder.resolve("soak.gguf");
        RunningModel.service(context, Quantizer.class).quantize(new Quantizer.Order(Distribution.smallModel(), target, "sym_int4",
                32, Quantizer.Container.GGUF), progress -> { });
        model = RunningModel.serve(context, folder.getFileName().toString(), target,
                Map.of("swap_grace_seconds", 120, "max_tokens_per_second", TOKENS_A_SECOND));
    }

    @After
    public void stopModel() throws IOException {
        // There is none where the fixture is absent: a failure here would make one of what is to be skipped.
        if (model != null) {
            model.stop();
        }
    }

    @Test
    public void swapsLeaveNoLibraryThreadOrClassLoaderBehind() throws Exception {
        String expected = model.text(PROMPT, TOKENS);
        answer(expected, SWAPS_A_STREAM);
        long libraries = libraries();
        assertTrue("libraries are counted where the kernel brings some", libraries > 0 || !bringsLibraries());
        int threads = Thread.activeCount();
        loaders.clear();
        for (int swaps = 0; swaps < SWAPS; swaps += SWAPS_A_STREAM) {
            answer(expected, SWAPS_A_STREAM);
        }
        RunningModel.await("as few mapped libraries as before, " + libraries, () -> libraries() <= libraries);
        RunningModel.await("as few threads as before, " + threads, () -> Thread.activeCount() <= threads + THREADS_MORE);
        RunningModel.await("class loaders of " + loaders.size() + " kernels to go", () -> loadersLeft() <= LOADERS);
    }

    private void answer(String expected, int swaps) throws Exception {
        // Between two kernels the worker takes no new request; those that it has go on.
        model.awaitState(WorkerStatus.State.READY);
        try (Generation generation = model.start(PROMPT, TOKENS)) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < swaps; i++) {
                text.append(RunningModel.deltas(generation, 1));
                swap();
            }
            text.append(RunningModel.rest(generation));
            assertEquals(expected, text.toString());
        }
    }

    private void swap() throws IOException, BundleException {
        Bundle kernel = Arrays.stream(context.getBundles()).filter(bundle -> KERNEL.equals(bundle.getSymbolicName())).findFirst()
                .orElseThrow();
        try (InputStream jar = Files.newInputStream(Distribution.home().resolve("plugins/kernel-sym-int4.jar"))) {
            kernel.update(jar);
        }
        loaders.add(new WeakReference<>(kernel.adapt(BundleWiring.class).getClassLoader()));
    }

    private static boolean bringsLibraries() throws IOException {
        try (ZipFile jar = new ZipFile(Distribution.home().resolve("plugins/kernel-sym-int4.jar").toFile())) {
            return jar.stream().anyMatch(entry -> entry.getName().endsWith(".so"));
        }
    }

    /** Mapped parts of libraries that a bundle brought: they are files that are gone. */
    private static long libraries() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("alcove-native-")).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private long loadersLeft() {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }
}
