package org.alcove.nativelibrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
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
        said(0, Map.of("ALCOVE_TIERS", tiers), list);
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(Files::isRegularFile).map(file -> classes.relativize(file).toString()).sorted().toList();
        }
    }

    /** What the script says when it ends with this status. */
    private String said(int status, Map<String, String> environment, String list) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", SCRIPT.toString(), sources.toString(), classes.toString(), list);
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, process.waitFor(), said);
        return said;
    }

    @Test
    void theCompilerMayBeACommandOfSeveralWords() throws Exception {
        String compiler = Stream.of("gcc", "clang", "cc").filter(one -> Files.exists(Path.of("/usr/bin", one))).findFirst()
                .orElseThrow();
        said(0, Map.of("CC", "env " + compiler), "libraries");
        assertTrue(Files.exists(classes.resolve("one/good.so")));
    }

    @Test
    void aCompilerThatIsNotThereIsAnErrorThatNamesIt() throws Exception {
        String said = said(1, Map.of("CC", "no-such-compiler -O1"), "libraries");
        assertTrue(said.contains("CC is \"no-such-compiler -O1\", and there is no no-such-compiler"), said);
    }

    @Test
    void flagsAreNotBlamedWhereNothingCanBeCompiled() throws Exception {
        String said = said(1, Map.of("CC", "false"), "libraries");
        assertTrue(said.contains("false cannot compile a line of C without any flags") && !said.contains("does not know"), said);
    }

    /** As with an old binutils below a new gcc. */
    @Test
    void aLibraryWhoseInstructionsTheAssemblerDoesNotKnowIsLeftOut() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64") && Files.exists(Path.of("/usr/bin/gcc"))
                && Files.exists(Path.of("/usr/bin/as")), "SKIPPED: there is no gcc with an assembler of its own");
        Path assembler = Files.writeString(classes.resolve("as"), """
                #!/bin/sh
                for one; do
                  case $one in *.s) if grep -Eq 'vpdpbusd|tdpbssd' "$one"; then echo "no such instruction" >&2; exit 1; fi ;; esac
                done
                exec /usr/bin/as "$@"
                """);
        assertTrue(assembler.toFile().setExecutable(true));
        Files.writeString(sources.resolve("vnni.c"), "void one(void) { __asm__(\"{vex} vpdpbusd %xmm0, %xmm0, %xmm0\"); }\n");
        Files.writeString(sources.resolve("wide.c"), "void one(void) { __asm__(\"vpdpbusd %zmm0, %zmm0, %zmm0\"); }\n");
        Files.writeString(sources.resolve("tiles.c"), "void one(void) { __asm__(\"tdpbssd %tmm2, %tmm1, %tmm0\"); }\n");
        Files.writeString(sources.resolve("libraries"), """
                any one/tiles.so tiles.c -- -mamx-tile -mamx-int8
                any one/vnni512.so wide.c -- -mavx512f -mavx512vnni
                any one/vnni256.so vnni.c -- -mavxvnni
                any one/plain.so one.c -- -O1
                """);
        String said = said(0, Map.of("CC", "gcc -B" + classes + "/"), "libraries");
        assertEquals(3, said.split("NOTE: ", -1).length - 1, said);
        assertTrue(Files.exists(classes.resolve("one/plain.so")), said);
        Files.delete(classes.resolve("one/plain.so"));
        said(0, Map.of("CC", "gcc -B" + classes + "/", "ALCOVE_TIERS", "own"), "libraries");
        assertTrue(Files.exists(classes.resolve("one/plain.so")), "the next best that can be made");
        said(0, Map.of("CC", "gcc"), "libraries");
        assertTrue(Files.exists(classes.resolve("one/vnni256.so")), "with the real assembler");
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
