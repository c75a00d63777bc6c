package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellDeedsTest {

    private final FakeAudit audit = new FakeAudit();
    private final ShellDeeds deeds = new ShellDeeds(audit);

    private String refused(AdminException why) {
        return deeds.perform("worker.drain", "w", "", () -> {
            throw why;
        });
    }

    @Test
    void whatFailsHalfWayIsWrittenDownAsFailed() {
        assertEquals("lost", refused(new AdminException(502, "worker_failed", "lost")));
        assertEquals("no such worker", refused(AdminException.unknown("no such worker")));
        assertEquals(List.of("the shell shell worker.drain w  failed", "the shell shell worker.drain w  refused"), audit.lines);
    }

    @Test
    void whatIsDoneIsToldAlsoWhereItCannotBeWrittenDown() {
        audit.full = "it is done, but could not be written down: the disk is full";
        assertEquals("the password\n" + audit.full, deeds.perform("account.create", "ann", "", () -> "the password"));
        assertEquals("no such worker", refused(AdminException.unknown("no such worker")));
    }
}
