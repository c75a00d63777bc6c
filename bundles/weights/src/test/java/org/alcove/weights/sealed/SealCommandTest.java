package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealCommandTest {

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Sealing sealing;
    private Path model;
    private Path target;
    private Path key;

    @BeforeEach
    void model() throws IOException {
        sealing = new Sealing(folder);
        model = sealing.gguf("m.gguf");
        target = folder.resolve("m.sealed");
        key = folder.resolve("new.key");
    }

    private int run(boolean interactive, Object... arguments) throws IOException {
        return new SealCommand().run(List.of(arguments).stream().map(Object::toString).toList(),
                new Command.Terminal(InputStream.nullInputStream(), stream(out), stream(err), interactive));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    void aNewKeyIsMadeForItsOwnerAloneAndOpensWhatItSealed() throws IOException {
        assertEquals(0, run(false, model, target, "--new-key", key));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        try (Weights weights = sealing.store().open(target, new KeyPlace.InFile(key))) {
            assertEquals(1 / 8f, weights.vector("a", Sealing.SEEN)[1]);
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.getFirst().matches("file +bytes"), lines.getFirst());
        assertTrue(lines.get(1).matches("m\\.gguf +" + Files.size(model)), lines::toString);
        assertTrue(lines.getLast().matches(".*m\\.sealed: 1 chunks, 0\\.1 MB before, 0\\.1 MB sealed, .* s, key [0-9a-f]{32}"),
                lines.getLast());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertFalse(out.toString(StandardCharsets.UTF_8).contains(Files.readString(key).strip()));
    }

    @Test
    void aTerminalSeesABar() throws IOException {
        assertEquals(0, run(true, model, target, "--new-key", key));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("[##############################] 100 %"));
    }

    @Test
    void aKeyThatIsThereIsNeverOverwritten() throws IOException {
        Files.writeString(key, Sealing.KEY);
        String message = assertThrows(IOException.class, () -> run(false, model, target, "--new-key", key)).getMessage();
        assertTrue(message.contains("exists already; take it by --key"), message);
        assertEquals(Sealing.KEY, Files.readString(key));
        assertFalse(Files.exists(target));
        assertEquals(0, run(false, model, target, "--key", key));
    }

    @Test
    void whatCannotBeSealedLeavesNothing() throws IOException {
        Path none = folder.resolve("none.gguf");
        assertThrows(IOException.class, () -> run(false, none, target, "--new-key", key));
        Files.writeString(folder.resolve("bad.key"), "short");
        assertThrows(IOException.class, () -> run(false, model, target, "--key", folder.resolve("bad.key")));
        assertFalse(Files.exists(target) || Files.exists(folder.resolve("m.sealed.part")) || Files.exists(key));
    }

    @Test
    void aTargetThatCannotBeWrittenIsToldBeforeAKeyIsMade() throws IOException {
        Path lost = folder.resolve("none/m.sealed");
        String message = assertThrows(IOException.class, () -> run(false, model, lost, "--new-key", key)).getMessage();
        assertEquals(lost + ": there is no folder " + lost.getParent() + "; make it first or choose another place", message);
        assertFalse(Files.exists(key));
        Files.writeString(target, "precious");
        message = assertThrows(IOException.class, () -> run(false, model, target, "--new-key", key)).getMessage();
        assertEquals(target + " exists already; delete it or choose another target", message);
        assertFalse(Files.exists(key));
    }

    @Test
    void ofAFullDiskTheFileAndBothSizesAreToldAndNothingOfItStays() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "SKIPPED: there is no /dev/full");
        Path part = Files.createSymbolicLink(folder.resolve("m.sealed.part"), full);
        String message = assertThrows(IOException.class, () -> run(false, model, target, "--new-key", key)).getMessage();
        assertTrue(message.matches("\\Q" + target + "\\E cannot be written: no space is left on its disk \\(0\\.1 MB needed, "
                + "[0-9.]+ MB free\\); make room or choose another place"), message);
        assertFalse(Files.exists(part, LinkOption.NOFOLLOW_LINKS) || Files.exists(target));
    }

    @Test
    void oneKeyIsNeeded() throws IOException {
        assertEquals(2, run(false, model, target));
        assertEquals(2, run(false, model, target, "--key", key, "--new-key", key));
        assertEquals(2, run(false, model, "--key", key));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("usage: ./alcove seal MODEL TARGET --key FILE"));
    }
}
