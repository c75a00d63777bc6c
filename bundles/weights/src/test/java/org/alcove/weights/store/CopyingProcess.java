package org.alcove.weights.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.InterleavingKernel;
import org.alcove.weights.store.InterleavedCopies.CopySettings;

/** A process that makes a copy, says {@value #WRITING} in the midst of it, and goes on when a line is sent to it. */
final class CopyingProcess {

    static final String WRITING = "writing";
    static final String DONE = "done";

    private CopyingProcess() {
    }

    /** Starts one, for a model and a folder of copies. */
    static Process start(Path model, Path copies) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                CopyingProcess.class.getName(), model.toString(), copies.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    public static void main(String[] arguments) throws Exception {
        InterleavingKernel kernel = new InterleavingKernel();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        kernel.whileRepacking(() -> {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        InterleavedCopies making = new InterleavedCopies(
                new CopySettings(true, Path.of(arguments[1]), 1 << 20, 0, 0), () -> 1 << 20);
        try (Weights weights = new MappedWeightStore(KernelRegistry.of(kernel), making).open(Path.of(arguments[0]))) {
            weights.hasten();
            reached.await();
            say(WRITING);
            if (System.in.read() < 0) {
                throw new IOException("nobody is there to say when to go on");
            }
            goOn.countDown();
            making.await();
        }
        say(DONE);
    }

    private static void say(String word) {
        System.out.println(word);
    }
}
