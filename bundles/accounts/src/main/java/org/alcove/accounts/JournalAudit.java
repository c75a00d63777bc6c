package org.alcove.accounts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit as lines of JSON, {@code admin/audit.jsonl} in the data folder. A line that a crash or a full disk left unfinished is
 * followed by a new line and skipped. The last {@value #KEPT} entries are listed; all stay in the file.
 */
@Component(configurationPid = "org.alcove.accounts", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class JournalAudit implements Audit {

    static final int KEPT = 10_000;
    private static final int LONGEST = 500;
    private static final Logger LOG = LoggerFactory.getLogger(JournalAudit.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final InstantSource clock;
    /** Oldest first. */
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;
    private boolean read;

    @Activate
    public JournalAudit(Map<String, Object> given) {
        this(AccountsSettings.folder(given).resolve("audit.jsonl"), InstantSource.system());
    }

    JournalAudit(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        try {
            open();
        } catch (IOException e) {
            LOG.error("{}; until that is mended, what people change is not written down", e.getMessage());
        }
    }

    /** The folder is that of the process. */
    @Modified
    void stay() {
        LOG.debug("The audit stays where it is");
    }

    /** Reads what is there, unless it has been read. */
    private void open() throws IOException {
        if (read) {
            return;
        }
        try {
            PrivateFile.makeFolder(file.getParent());
            if (Files.exists(file)) {
                read(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new IOException("the audit " + file + " cannot be read: " + (e instanceof FileSystemException ? e.toString()
                    : e.getMessage()), e);
        }
        read = true;
    }

    private void read(byte[] bytes) {
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            try {
                keep(entry(JSON.readTree(line)));
            } catch (JsonProcessingException | RuntimeException damaged) {
                LOG.warn("A line of {} is damaged and skipped", file);
            }
        }
    }

    private static Entry entry(JsonNode node) {
        return new Entry(node.required("number").longValue(), Instant.parse(node.required("when").textValue()),
                node.required("who").textValue(), node.required("via").textValue(), node.required("what").textValue(),
                node.required("subject").textValue(), node.required("detail").textValue(),
                node.required("outcome").textValue());
    }

    private void keep(Entry entry) {
        entries.addLast(entry);
        last = Math.max(last, entry.number());
        if (entries.size() > KEPT) {
            entries.removeFirst();
        }
    }

    @Override
    public synchronized void record(String who, String via, String what, String subject, String detail, String outcome) {
        try {
            open();
        } catch (IOException e) {
            throw unwritten(e);
        }
        Entry entry = new Entry(last + 1, clock.instant(), who, via, what, cut(subject), cut(detail), outcome);
        ObjectNode json = JSON.createObjectNode().put("number", entry.number()).put("when", entry.when().toString())
                .put("who", who).put("via", via).put("what", what).put("subject", entry.subject())
                .put("detail", entry.detail()).put("outcome", outcome);
        try {
            append(json + "\n");
        } catch (IOException e) {
            throw unwritten(PrivateFile.failure(file, e));
        }
        keep(entry);
    }

    private static UncheckedIOException unwritten(IOException failure) {
        LOG.error("The audit lacks an entry: {}", failure.getMessage());
        return new UncheckedIOException("it is done, but could not be written down: " + failure.getMessage(), failure);
    }

    /** All of a line or, as far as the disk still lets it, nothing. */
    private void append(String line) throws IOException {
        try (FileChannel channel = PrivateFile.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ)) {
            long size = channel.size();
            channel.position(size);
            try {
                PrivateFile.append(channel, ((endsInALine(channel) ? "" : "\n") + line).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                channel.truncate(size);
                throw e;
            }
        }
    }

    private static boolean endsInALine(FileChannel channel) throws IOException {
        ByteBuffer end = ByteBuffer.allocate(1);
        return channel.size() == 0 || channel.read(end, channel.size() - 1) == 1 && end.get(0) == '\n';
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    @Override
    public synchronized List<Entry> entries(OptionalLong before, int limit) {
        try {
            open();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        List<Entry> page = new ArrayList<>();
        for (Iterator<Entry> newest = entries.descendingIterator(); newest.hasNext() && page.size() < limit;) {
            Entry entry = newest.next();
            if (before.isEmpty() || entry.number() < before.getAsLong()) {
                page.add(entry);
            }
        }
        return page;
    }
}
