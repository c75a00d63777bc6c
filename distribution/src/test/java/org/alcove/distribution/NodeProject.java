package org.alcove.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Scripts for Node and the packages they need, which are installed in a copy below {@code target/}. */
final class NodeProject {

    private static final int LIMIT_SECONDS = 900;
    private static final String LOCK = "package-lock.json";

    private final Path folder;

    private NodeProject(Path folder) {
        this.folder = folder;
    }

    /** What a command wrote, and its exit status. */
    private record Result(String out, String err, int status) {
    }

    /**
     * Copies the project of a folder below {@code src/test} and installs its packages, if others are locked than are there. Where
     * Node or the packages cannot be had, the test is skipped, and says so; a lock file that does not fit is a fault.
     *
     * @param what is not tried then
     */
    static NodeProject installed(String name, String what) throws IOException, InterruptedException {
        Path source = Path.of("src", "test", name);
        NodeProject project = new NodeProject(Files.createDirectories(Path.of("target", name)));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, project.folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path installed = project.folder.resolve("node_modules").resolve(LOCK);
        if (Files.notExists(installed) || Files.mismatch(installed, source.resolve(LOCK)) >= 0) {
            project.install(what);
            Files.copy(source.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
        }
        return project;
    }

    private void install(String what) throws InterruptedException {
        try {
            Result result = start("npm", "ci", "--no-audit", "--no-fund");
            if (result.err().contains("EUSAGE") || result.err().contains("EINTEGRITY")) {
                throw new AssertionError("the packages locked for " + what + " do not fit: " + result.err());
            }
            Assumptions.assumeTrue(result.status() == 0, () -> "SKIPPED: " + what + ", as packages cannot be installed: "
                    + result.err());
        } catch (IOException absent) {
            Assumptions.abort("SKIPPED: " + what + ", for lack of Node: " + absent.getMessage());
        }
    }

    /** What a command prints; what it measures it says on the other stream, which is shown. */
    String run(String... command) throws IOException, InterruptedException {
        Result result = start(command);
        System.err.print(result.err());
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + result.status() + "; it wrote: " + result.out()
                    + result.err());
        }
        return result.out();
    }

    private Result start(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("node", ".out");
        Path err = Files.createTempFile("node", ".err");
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
                    .redirectError(err.toFile()).start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Result result = new Result(Files.readString(out), Files.readString(err), ended ? process.exitValue() : -1);
            if (!ended) {
                throw new AssertionError(String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " s; it wrote: "
                        + result.out() + result.err());
            }
            return result;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
