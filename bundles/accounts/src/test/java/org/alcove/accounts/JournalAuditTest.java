package org.alcove.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAuditTest {

    @TempDir
    Path folder;

    private JournalAudit open() {
        return new JournalAudit(folder.resolve("admin/audit.jsonl"), () -> Instant.EPOCH);
    }

    private static List<Long> numbers(Audit audit, OptionalLong before, int limit) {
        return audit.entries(before, limit).stream().map(Audit.Entry::number).toList();
    }

    @Test
    void entriesSurviveARestartAndComeInPagesNewestFirst() throws IOException {
        Audit audit = open();
        for (int i = 0; i < 5; i++) {
            audit.record("ann", "session", "policy.choose", "lottery\n\u202e", "", "done");
        }
        Audit again = open();
        again.record("ann", "session", "plugin.install", "k", "1.0", "failed");
        assertEquals(List.of(6L, 5L), numbers(again, OptionalLong.empty(), 2));
        assertEquals(List.of(4L, 3L, 2L), numbers(again, OptionalLong.of(5), 3));
        assertEquals("lottery\n\u202e", again.entries(OptionalLong.of(2), 1).getFirst().subject());
    }

    @Test
    void aLineThatACrashLeftUnfinishedDoesNotTakeTheNextOneWithIt() throws IOException {
        open().record("ann", "key", "a", "", "", "done");
        Files.writeString(folder.resolve("admin/audit.jsonl"), "{\"number\": 2, \"wh", StandardOpenOption.APPEND);
        open().record("ann", "key", "b", "", "", "done");
        assertEquals(List.of("b", "a"), open().entries(OptionalLong.empty(), 9).stream().map(Audit.Entry::what).toList());
    }

    @Test
    void aLineThatAFullDiskLeftUnfinishedDoesNotTakeTheNextOneWithItEither() throws IOException {
        Audit audit = open();
        audit.record("ann", "key", "a", "", "", "done");
        Files.writeString(folder.resolve("admin/audit.jsonl"), "{\"number\": 2, \"wh", StandardOpenOption.APPEND);
        audit.record("ann", "key", "b", "", "", "done");
        assertEquals(List.of("b", "a"), open().entries(OptionalLong.empty(), 9).stream().map(Audit.Entry::what).toList());
    }

    @Test
    void whoCannotHaveADeedWrittenDownIsToldWhichFileAndWhy() throws IOException {
        Audit audit = open();
        Path file = Files.createDirectory(folder.resolve("admin/audit.jsonl"));
        UncheckedIOException failed = assertThrows(UncheckedIOException.class,
                () -> audit.record("ann", "key", "a", "", "", "done"));
        assertTrue(failed.getMessage().startsWith("it is done, but could not be written down: " + file), failed.getMessage());
    }

    @Test
    void anAuditThatCannotBeReadSaysSoToWhoAsksAndGoesOnWhereItWasOnceItCan() throws IOException {
        open().record("ann", "key", "a", "", "", "done");
        Path file = folder.resolve("admin/audit.jsonl");
        Path aside = Files.move(file, folder.resolve("aside"));
        Files.createDirectory(file);
        Audit audit = open();
        UncheckedIOException unread = assertThrows(UncheckedIOException.class, () -> audit.entries(OptionalLong.empty(), 9));
        assertEquals("the audit " + file + " cannot be read: Is a directory", unread.getMessage());
        UncheckedIOException unwritten = assertThrows(UncheckedIOException.class,
                () -> audit.record("ann", "key", "b", "", "", "done"));
        assertEquals("it is done, but could not be written down: " + unread.getMessage(), unwritten.getMessage());
        Files.delete(file);
        Files.move(aside, file);
        audit.record("ann", "key", "c", "", "", "done");
        assertEquals(List.of(2L, 1L), numbers(audit, OptionalLong.empty(), 9));
    }

    @Test
    void theFolderThatIsMadeForItIsTheOwnersAlone() throws IOException {
        open();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("admin"))));
    }
}
