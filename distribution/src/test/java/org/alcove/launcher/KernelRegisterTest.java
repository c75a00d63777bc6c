package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.RuntimeEvents;
import org.alcove.attestation.tdx.EventLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is extended as the kernel's register would be, and processes that come and go. */
class KernelRegisterTest {

    private static final String CORE = "org.alcove bundle core 1.0.0 sha256:00";
    private static final String PLUGIN = "org.alcove bundle plugin 1.0.0 sha256:11 release";
    /** The log of a machine that measured nothing while it started. */
    private static final byte[] CCEL = HexFormat.of().parseHex("0000000003000000" + "00".repeat(20) + "21000000"
            + HexFormat.of().formatHex("Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII)) + "0000000000000000"
            + "01000000" + "0c003000" + "00");

    @TempDir
    Path folder;

    private Path register;
    private Path log;

    @BeforeEach
    void restartMachine() throws IOException {
        register = Files.write(folder.resolve("rtmr3:sha384"), new byte[48]);
        log = folder.resolve("run/alcove/events");
    }

    private EventRegister process() throws IOException {
        return EventRegister.of("tsm", register, log, EventRegister.AGENT);
    }

    private EventRegister processThatMeasures(String... events) throws IOException {
        EventRegister process = process();
        for (String event : events) {
            byte[] before = Files.readAllBytes(register);
            String[] words = event.split(" ", 3);
            process.extend(words[0], words[1], words[2]);
            extend(before, Files.readAllBytes(register));
        }
        return process;
    }

    /** What the kernel makes of 48 bytes that are written. */
    private void extend(byte[] before, byte[] digest) throws IOException {
        Files.write(register, Digests.hash("SHA-384", ByteBuffer.allocate(96).put(before).put(digest).array()));
    }

    @Test
    void theEvidenceOfAProcessThatWasStartedAgainGivesTheRegister() throws IOException, AttestationException {
        processThatMeasures(CORE, PLUGIN);
        EventRegister again = processThatMeasures(CORE, PLUGIN);
        assertEquals("rtmr_3", again.name());
        assertEquals(List.of(CORE, PLUGIN, CORE, PLUGIN), again.events());
        EventLog replayed = EventLog.replay(RuntimeEvents.behind(CCEL, again.events()));
        assertArrayEquals(Files.readAllBytes(register), replayed.registers().get(3));
    }

    @Test
    void aMachineThatWasRestartedBeginsAnew() throws IOException {
        processThatMeasures(CORE, PLUGIN);
        restartMachine();
        assertEquals(List.of(CORE), processThatMeasures(CORE).events());
    }

    @Test
    void whatADyingProcessWroteDownAndDidNotExtendIsTakenBack() throws IOException {
        processThatMeasures(CORE, PLUGIN);
        Files.writeString(log, "org.alcove bundle ha", StandardOpenOption.APPEND);
        assertEquals(List.of(CORE, PLUGIN), process().events());
        assertEquals(List.of(CORE, PLUGIN, CORE), processThatMeasures(CORE).events());
    }

    @Test
    void whatTheKernelRefusesToExtendIsNotWrittenDown() throws IOException {
        EventRegister process = processThatMeasures(CORE);
        Files.delete(register);
        Files.createDirectory(register);
        assertThrows(IOException.class, () -> process.extend("org.alcove", "bundle", "plugin"));
        assertEquals(List.of(CORE), process.events());
    }

    @Test
    void aRegisterThatOthersExtendOrAFileThatWasLostEndsTheStartWithBothValues() throws IOException {
        processThatMeasures(CORE);
        String before = HexFormat.of().formatHex(Files.readAllBytes(register));
        extend(Files.readAllBytes(register), new byte[48]);
        String others = assertThrows(UsageException.class, this::process).getMessage();
        assertTrue(others.contains("the 1 events in " + log + " give " + before), others);
        Files.delete(log);
        String lost = assertThrows(UsageException.class, this::process).getMessage();
        assertTrue(lost.contains("the 0 events") && lost.contains("--sealed-events"), lost);
    }

    @Test
    void aFileOfEventsThatCannotBeMadeEndsTheStartWithTheFlag() throws IOException {
        Files.writeString(folder.resolve("run"), "no folder");
        String told = assertThrows(IOException.class, this::process).getMessage();
        assertTrue(told.contains(log.toString()) && told.contains("--sealed-events"), told);
    }

    @Test
    void eventsThatCannotBeReadAreSaidNotToBe() throws IOException {
        EventRegister process = processThatMeasures(CORE);
        Files.delete(log);
        assertThrows(UncheckedIOException.class, process::events);
    }

    @Test
    void machinesWithoutSuchARegisterRememberNothing() throws IOException {
        assertEquals("none", EventRegister.of("tsm", folder.resolve("absent"), log, EventRegister.AGENT).name());
        EventRegister mock = EventRegister.of("mock", register, log, EventRegister.AGENT);
        assertEquals("none", mock.name());
        assertEquals(List.of(), mock.events());
    }
}
