package org.alcove.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.alcove.attestation.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that behaves like configfs-tsm: a report's files come with its folder, and a write makes a quote. */
class TsmSourceTest {

    @TempDir
    private Path folder;
    private String provider = "tdx_guest\n";
    private int othersWrites;

    private TsmSource source(Optional<Path> log) {
        return source(log, List.of());
    }

    private TsmSource source(Optional<Path> log, List<String> events) {
        return new TsmSource(folder, log, () -> events) {
            @Override
            void make(Path report) throws IOException {
                super.make(report);
                Files.writeString(report.resolve("generation"), "0\n");
                Files.writeString(report.resolve("provider"), provider);
            }

            @Override
            void write(Path file, byte[] bytes) throws IOException {
                super.write(file, bytes);
                Files.write(file.resolveSibling("outblob"), bytes);
                Files.writeString(file.resolveSibling("generation"), 1 + othersWrites + "\n");
            }

            @Override
            void remove(Path report) throws IOException {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(report)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                super.remove(report);
            }
        };
    }

    @Test
    void whatThisProcessExtendedStandsBehindTheMachinesOwnLog() throws Exception {
        byte[] own = HexFormat.of().parseHex("0000000003000000" + "00".repeat(20) + "21000000"
                + HexFormat.of().formatHex("Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII)) + "0000000000000000"
                + "01000000" + "0c003000" + "00");
        Path log = Files.write(folder.resolve("CCEL"), Arrays.copyOf(own, own.length + 32));
        byte[] whole = source(Optional.of(log), List.of("org.alcove bundle x")).quote(new byte[64]).eventLog().orElseThrow();
        assertArrayEquals(own, Arrays.copyOf(whole, own.length));
        assertTrue(new String(whole, StandardCharsets.ISO_8859_1).endsWith("LEAA\23\0\0\0org.alcove bundle x"));
    }

    @Test
    void theQuoteHoldsWhatWasWrittenAndNothingIsLeftBehind() throws IOException {
        byte[] data = new byte[64];
        data[63] = 7;
        Path log = Files.write(folder.resolve("CCEL"), new byte[] {1, 2});
        Evidence evidence = source(Optional.of(log)).quote(data);
        assertArrayEquals(data, evidence.quote());
        assertArrayEquals(new byte[] {1, 2}, evidence.eventLog().orElseThrow());
        Files.delete(log);
        assertTrue(source(Optional.of(log)).quote(data).eventLog().isEmpty());
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            assertTrue(!left.iterator().hasNext());
        }
    }

    @Test
    void aReportThatSomebodyElseWroteToIsRefused() {
        othersWrites = 1;
        assertTrue(message(source(Optional.empty())).contains("written 2 times where 1"));
    }

    @Test
    void anotherKindOfMachineIsRefusedByName() {
        provider = "sev_guest\n";
        assertTrue(message(source(Optional.empty())).contains("sev_guest"));
    }

    @Test
    void aMachineWithoutItSaysSo() {
        assertTrue(message(new TsmSource(folder.resolve("none"), Optional.empty(), List::of)).contains("offers no quotes"));
    }

    private static String message(TsmSource source) {
        return assertThrows(IOException.class, () -> source.quote(new byte[64])).getMessage();
    }

    @Test
    void mockEvidenceIsNoQuote() {
        Evidence mock = new MockSource().quote(new byte[64]);
        assertTrue(mock.mock());
        assertEquals('A', mock.quote()[0]);
    }
}
