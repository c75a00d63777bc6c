package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The kernel's file of the register, and beside it a file of the events that were extended to it since the machine started, one a
 * line: the kernel keeps none, and the register remembers those of earlier processes, too. Nobody need be trusted with that file,
 * because the register proves it. An event is written there before the register is extended: a process that dies in between
 * leaves one that is taken back by the next.
 */
final class KernelRegister implements EventRegister {

    private static final int BYTES = 48;
    private static final String HASH = "SHA-384";

    private final Path register;
    private final Path log;

    private KernelRegister(Path register, Path log) {
        this.register = register;
        this.log = log;
    }

    /** What is done with the file of events while no other process changes it. */
    private interface Work {
        void run(FileChannel events) throws IOException;
    }

    /**
     * Compares the register with its events.
     *
     * @throws UsageException if it holds others, too: nobody would believe the evidence
     */
    static KernelRegister of(Path register, Path log) throws IOException {
        KernelRegister kernel = new KernelRegister(register, log);
        try {
            kernel.alone(kernel::requireKnown);
            return kernel;
        } catch (IOException e) {
            throw new IOException("the events of RTMR3 cannot be kept in " + log + " (" + e + "); name a file that lives as long"
                    + " as the machine runs by --sealed-events FILE", e);
        }
    }

    private void requireKnown(FileChannel events) throws IOException {
        List<String> all = lines(events);
        List<String> extended = all.subList(0, Math.max(0, all.size() - 1));
        byte[] value = Files.readAllBytes(register);
        if (Arrays.equals(value, new byte[BYTES])) {
            events.truncate(0);
        } else if (Arrays.equals(value, replayed(extended))) {
            events.truncate(extended.stream().mapToLong(event -> line(event).length).sum());
        } else if (!Arrays.equals(value, replayed(all))) {
            throw new UsageException("RTMR3 of this machine is " + HexFormat.of().formatHex(value) + ", but the " + all.size()
                    + " events in " + log + " give " + HexFormat.of().formatHex(replayed(all)) + ": others extend it, or that"
                    + " file was lost, and no evidence would be believed. Restart the machine; keep that file as long as the"
                    + " machine runs (--sealed-events FILE) and, where an attestation agent runs, use --evidence agent");
        }
    }

    private static byte[] replayed(List<String> events) {
        byte[] value = new byte[BYTES];
        for (String event : events) {
            byte[] digest = Digests.hash(HASH, EventRegister.data(event));
            value = Digests.hash(HASH, ByteBuffer.allocate(2 * BYTES).put(value).put(digest).array());
        }
        return value;
    }

    @Override
    public String name() {
        return "rtmr_3";
    }

    @Override
    public void extend(String domain, String operation, String content) throws IOException {
        alone(events -> {
            long before = events.size();
            events.write(ByteBuffer.wrap(line(domain + " " + operation + " " + content)), before);
            events.force(true);
            try {
                Files.write(register, Digests.hash(HASH, EventRegister.data(domain, operation, content)));
            } catch (IOException refused) {
                events.truncate(before);
                throw refused;
            }
        });
    }

    @Override
    public List<String> events() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Several processes of a machine may extend its register. */
    private synchronized void alone(Work work) throws IOException {
        Files.createDirectories(log.getParent());
        try (FileChannel events = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE); FileLock lock = events.lock()) {
            work.run(events);
        }
    }

    private static List<String> lines(FileChannel events) throws IOException {
        return new String(Channels.newInputStream(events).readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }

    private static byte[] line(String event) {
        return (event + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
