package org.alcove.nativelibrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compile.sh}, on libraries of one line of C; the first of them wants what no processor has. */
class CompileScriptTest {

    private static final Path SCRIPT = Path.of("compile.sh").toAbsolutePath();
    private static final String LIBRARIES = """
            any one/best.so one.c -- -mavx512f -mavxvnni -mamx-fp16 -mno-such-feature
            any one/good.so one.c -- -O2
            any one/plain.so one.c -- -O1
            any two/plain.so one.c -- -O1
            """;

    @TempDir
    Path sources;
    @TempDir
    Path classes;

    @BeforeEach
    void source() throws IOException {
        assumeTrue(Stream.of("/usr/bin/gcc", "/usr/bin/clang", "/usr/bin/cc").map(Path::of).anyMatch(Files::exists),
                "SKIPPED: there is no C compiler");
        Files.writeString(sources.resolve("one.c"), "int one(void) { return 1; }\n");
        Files.writeString(sources.resolve("libraries"), LIBRARIES);
    }

    private List<String> made(String tiers) throws IOException, InterruptedException {
        return made(tiers, "libraries");
    }

    private List<String> made(String tiers, String list) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", SCRIPT.toString(), sources.toString(), classes.toString(), list);
        builder.environment().put("ALCOVE_TIERS", tiers);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(Files::isRegularFile).map(file -> classes.relativize(file).toString()).sorted().toList();
        }
    }

    @Test
    void allLibrariesAreMadeButThoseWhoseFlagsTheCompilerDoesNotKnow() throws Exception {
        assertEquals(List.of("one/good.so", "one/plain.so", "two/plain.so"), made("all"));
    }

    @Test
    void ofOwnTiersTheFirstOfEachFolderThatTheMachineCanUseIsMade() throws Exception {
        assertEquals(List.of("one/good.so", "two/plain.so"), made("own"));
        assertEquals(List.of("one/good.so", "one/plain.so", "two/plain.so"), made("all"), "the rest is made when asked for");
    }

    /** The flag follows what would be a comment to the compiler, since few machines that build have tiles. */
    @Test
    void ofOwnTiersThatWithTilesComesWithTheNextBest() throws Exception {
        Files.writeString(sources.resolve("libraries"), """
                any one/tiles.so one.c -- -O2 -DNOT=-mamx-tile
                any one/next.so one.c -- -O2
                any one/plain.so one.c -- -O1
                """);
        assertEquals(List.of("one/next.so", "one/tiles.so"), made("own"));
    }

    @Test
    void anotherListNamesOtherLibraries() throws Exception {
        Files.writeString(sources.resolve("more"), "any three/more.so one.c -- -O1\n");
        assertEquals(List.of("three/more.so"), made("all", "more"));
    }

    @Test
    void aLibraryOlderThanItsSourcesIsGoneWhereItIsNotMadeAnew() throws Exception {
        made("all");
        Files.setLastModifiedTime(sources.resolve("one.c"), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
        assertEquals(List.of("one/good.so", "two/plain.so"), made("own"));
    }
}
