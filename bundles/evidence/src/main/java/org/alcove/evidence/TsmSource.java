package org.alcove.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.RuntimeEvents;

/**
 * Quotes by the kernel's configfs-tsm: a new folder below {@code /sys/kernel/config/tsm/report}, the report data into its
 * {@code inblob}, the quote out of its {@code outblob}. {@code generation} counts writes, so that two who used one folder would
 * notice; ours has a name of its own.
 */
class TsmSource implements QuoteSource {

    private static final String PROVIDER = "tdx_guest";
    private static final int LARGEST = 1 << 20;

    private final Path folder;
    private final Optional<Path> eventLog;
    private final Supplier<List<String>> events;

    /**
     * @param folder where reports are made
     * @param eventLog the log behind the run-time measurements; may not exist
     * @param events what processes have extended to RTMR3 since the machine started; the machine's log knows nothing of it
     */
    TsmSource(Path folder, Optional<Path> eventLog, Supplier<List<String>> events) {
        this.events = events;
        this.folder = folder;
        this.eventLog = eventLog;
    }

    @Override
    public EvidenceDocument.Form form() {
        return EvidenceDocument.Form.SHA512;
    }

    @Override
    public Evidence quote(byte[] reportData) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder: this machine offers no quotes (configfs-tsm); run Alcove in a TDX"
                    + " machine with a kernel of 6.7 or later, and mount configfs, or ask the attestation agent"
                    + " (--evidence agent)");
        }
        Path report = folder.resolve("alcove-" + UUID.randomUUID());
        make(report);
        try {
            String before = text(report, "generation");
            write(report.resolve("inblob"), reportData);
            byte[] quote = bytes(report, "outblob");
            String provider = text(report, "provider");
            if (!provider.equals(PROVIDER)) {
                throw new IOException("the kernel's quotes are of the provider \"" + provider + "\", this release takes \""
                        + PROVIDER + "\"");
            }
            long writes = count(text(report, "generation")) - count(before);
            if (writes != 1) {
                throw new IOException("the report was written " + writes + " times where 1 was due: somebody else uses "
                        + report);
            }
            return new Evidence(quote, log());
        } finally {
            remove(report);
        }
    }

    /** The kernel puts its files into a new folder. */
    void make(Path report) throws IOException {
        Files.createDirectory(report);
    }

    void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    /** The folder goes with all that the kernel put into it. */
    void remove(Path report) throws IOException {
        Files.delete(report);
    }

    private Optional<byte[]> log() throws IOException {
        if (eventLog.isEmpty() || !Files.isReadable(eventLog.get())) {
            return Optional.empty();
        }
        byte[] log = Files.readAllBytes(eventLog.get());
        try {
            List<String> extended = events.get();
            return Optional.of(extended.isEmpty() ? log : RuntimeEvents.behind(log, extended));
        } catch (UncheckedIOException e) {
            throw new IOException("the events of RTMR3 cannot be read: " + e.getMessage(), e);
        } catch (AttestationException e) {
            throw new IOException(eventLog.get() + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path report, String name) throws IOException {
        try (var in = Files.newInputStream(report.resolve(name))) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length == 0 || bytes.length > LARGEST) {
                throw new IOException(report.resolve(name) + " has " + (bytes.length == 0 ? "no" : "more than " + LARGEST)
                        + " bytes; the host's quote generation service may be missing");
            }
            return bytes;
        }
    }

    private static String text(Path report, String name) throws IOException {
        return Files.readString(report.resolve(name)).strip();
    }

    private static long count(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("the report's generation is no number", e);
        }
    }
}
