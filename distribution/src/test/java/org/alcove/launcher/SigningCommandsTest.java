package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningCommandsTest {

    private static final String NO_ROOM = " cannot be written: no space is left on its disk; make room or choose another place";

    @TempDir
    Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final SigningCommands commands = new SigningCommands(new PrintStream(out, true, StandardCharsets.UTF_8));
    private Path jar;
    private Path key;

    @BeforeEach
    void aJarAndAKey() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "some.plugin");
        jar = folder.resolve("x.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        key = folder.resolve("key.pem");
        sign("--new-key", key);
        out.reset();
    }

    private int sign(Object... arguments) throws IOException {
        return commands.sign(List.of(arguments).stream().map(Object::toString).toList());
    }

    /** What the launcher says of it. */
    private String failure(Object... arguments) {
        return Launcher.reason(assertThrows(Exception.class, () -> sign(arguments)));
    }

    @Test
    void aSignatureThatCannotBeWrittenLeavesTheOlderOne() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "SKIPPED: there is no /dev/full");
        sign(jar, "--key", key);
        Path signature = folder.resolve("x.jar.sig");
        String older = Files.readString(signature);
        Path part = Files.createSymbolicLink(folder.resolve("x.jar.sig.part"), full);
        assertEquals(signature + NO_ROOM, failure(jar, "--key", key));
        assertEquals(older, Files.readString(signature));
        assertFalse(Files.exists(part, LinkOption.NOFOLLOW_LINKS));
    }

    /** A file may not grow at all in this process, so that the key is made, but not written. */
    @Test
    @Timeout(60)
    void aKeyThatCannotBeWrittenIsNotInTheWayOfTheNext() throws Exception {
        Path next = folder.resolve("next.pem");
        assumeTrue(Files.exists(Path.of("/bin/sh")), "SKIPPED: there is no shell");
        Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -f 0 && exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData", "-cp",
                System.getProperty("java.class.path"), Launcher.class.getName(), "sign", "--new-key", next.toString())
                .start();
        String told = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), told);
        assertEquals("alcove: " + next + " cannot be written: File too large" + System.lineSeparator(), told);
        assertFalse(Files.exists(next));
        assertEquals(0, sign("--new-key", next));
    }

    @Test
    void whatIsInTheWayIsToldInWords() throws IOException {
        assertEquals(key + " exists already; choose another name, or sign with it by --key", failure("--new-key", key));
        Path lost = folder.resolve("none/sk");
        assertEquals(lost + ": there is no folder " + lost.getParent() + "; make it first or choose another place",
                failure("--new-key", lost));
        Path nowhere = folder.resolve("nowhere.jar");
        String told = nowhere + ": there is no such file, or it cannot be read";
        assertEquals(told, failure(nowhere, "--key", key));
        assertEquals(told, assertThrows(UsageException.class, () -> commands.digest(List.of(nowhere.toString()))).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAR --key KEY --new-key NEW", "JAR --key KEY --name foo", "JAR --key KEY --p256",
        "--new-key NEW --key KEY", "JAR", "--key KEY", "JAR --new-key NEW"})
    void flagsThatContradictEachOtherAreRefused(String line) throws IOException {
        Path fresh = folder.resolve("new.pem");
        Object[] words = List.of(line.split(" ")).stream().map(word -> switch (word) {
            case "JAR" -> jar.toString();
            case "KEY" -> key.toString();
            case "NEW" -> fresh.toString();
            default -> word;
        }).toArray();
        assertEquals("say sign JAR --key FILE, or sign --new-key FILE [--p256] [--name NAME]",
                assertThrows(UsageException.class, () -> sign(words)).getMessage());
        assertFalse(Files.exists(fresh) || Files.exists(folder.resolve("x.jar.sig")));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aFlagThatDigestDoesNotKnowIsNoJar() throws IOException {
        assertEquals("digest does not know '--bogus'; './alcove --help' lists its flags",
                assertThrows(UsageException.class, () -> commands.digest(List.of("--bogus"))).getMessage());
        assertEquals(0, commands.digest(List.of("--json", jar.toString())));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains(JarFile.read(jar).digest()));
    }
}
