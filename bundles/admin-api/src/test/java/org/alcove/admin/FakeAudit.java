package org.alcove.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alcove.accounts.Audit;

final class FakeAudit implements Audit {

    final List<String> lines = new CopyOnWriteArrayList<>();
    /** Why nothing can be written; null where it can. */
    volatile String full;

    @Override
    public void record(String who, String via, String what, String subject, String detail, String outcome) {
        if (full != null) {
            throw new UncheckedIOException(full, new IOException(full));
        }
        lines.add(String.join(" ", who, via, what, subject, detail, outcome));
    }

    @Override
    public List<Entry> entries(OptionalLong before, int limit) {
        return List.of();
    }
}
