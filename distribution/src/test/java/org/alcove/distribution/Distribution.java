package org.alcove.distribution;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Assume;

/** Where the tests find the assembled distribution and the fixtures outside the repository. */
final class Distribution {

    private static final int COMMAND_SECONDS = 300;

    private Distribution() {
    }

    /** The assembled folder. */
    static Path home() {
        return Path.of(System.getProperty("alcove.root"), "distribution", "target", "alcove");
    }

    /** A copy of the assembled folder, for tests that change its plug-ins or configuration. */
    static Path copyTo(Path target) throws IOException {
        Path source = home();
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(source.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(source.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
        return target;
    }

    /** Runs a command of the script in a home, which must succeed. */
    static void run(Path home, Object... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("alcove").toString()));
        Stream.of(words).map(Object::toString).forEach(command::add);
        Path log = Files.createTempFile("alcove-command", ".log");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + Files.readString(log));
            }
        } finally {
            Files.delete(log);
        }
    }

    /** A fixture; the test is skipped, and says so, where it is absent. */
    static Path shared(String path) {
        Path file = Path.of(System.getProperty("alcove.shared")).resolve(path).normalize();
        if (!Files.exists(file)) {
            String skipped = "SKIPPED: the fixture " + path + " is not here";
            // Pax Exam drops what an assumption says.
            System.out.println(skipped);
            // JUnit 4's, because tests inside the framework know only that one; Jupiter understands it, too.
            Assume.assumeTrue(skipped, false);
        }
        return file;
    }

    /** A small real model. */
    static Path smallModel() {
        return shared("data/models/stories260K/stories260K.gguf");
    }
}
