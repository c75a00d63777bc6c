package org.alcove.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Assume;

/**
 * Builds the project that a page of the documentation describes, by running the very commands of the page in a copy of the source
 * tree, so that a page that leads nowhere fails a test.
 */
final class DocumentedProject {

    private static final Set<String> LEFT_OUT = Set.of("target", ".git", "node_modules");
    private static final Pattern COMMANDS =
            Pattern.compile("```(?:sh)?\\n(export JAVA_HOME=.*?mvn -q package\\n)```", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("cd (/tmp/\\S+)");
    private static final int LIMIT_MINUTES = 30;

    private DocumentedProject() {
    }

    /**
     * Runs the commands of a page.
     *
     * @param page name of a file in {@code docs/}
     * @return the jar of the bundle that was built
     */
    static Path build(String page) {
        Assume.assumeTrue("SKIPPED: building outside the reactor needs Maven on the PATH", mavenIsThere());
        try {
            Path work = ScratchFolder.make("documented");
            Path tree = copyOfTheTree(work.resolve("tree"));
            String text = Files.readString(tree.resolve("docs").resolve(page));
            Matcher commands = COMMANDS.matcher(text);
            Matcher place = PLACE.matcher(text);
            if (!commands.find() || !place.find()) {
                throw new AssertionError(page + " has no commands from 'export JAVA_HOME' to 'mvn -q package'");
            }
            Path project = work.resolve("project");
            String script = commands.group(1).replaceFirst("export JAVA_HOME=.*", "").replace(place.group(1), project.toString());
            run(tree, script);
            return onlyJar(project.resolve("target"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean mavenIsThere() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
    }

    private static void run(Path folder, String script) throws IOException {
        Path log = folder.resolveSibling("log");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", script).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeAll(List.of("MAVEN_PROJECTBASEDIR", "MAVEN_OPTS", "MAVEN_CMD_LINE_ARGS"));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("the commands failed:\n" + script + "\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path onlyJar(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
            if (jars.size() != 1) {
                throw new AssertionError("one jar was expected in " + folder + ", not " + jars);
            }
            return jars.getFirst();
        }
    }

    private static Path copyOfTheTree(Path target) throws IOException {
        Path source = Path.of(System.getProperty("alcove.root"));
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (LEFT_OUT.contains(folder.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
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
}
