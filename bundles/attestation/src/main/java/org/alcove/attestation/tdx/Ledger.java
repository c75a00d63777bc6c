package org.alcove.attestation.tdx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Measurement;

/**
 * Collects the lines of one verdict. It knows from the start which lines there must be: one that nobody wrote is a failed one, so
 * that a path that leaves early, or a check that somebody forgets, can only refuse.
 */
final class Ledger {
    private final List<String> wanted = new ArrayList<>();
    private final Map<String, Check> lines = new LinkedHashMap<>();

    Ledger(Item... items) {
        for (Item item : items) {
            wanted.add(item.text());
        }
        for (Measurement measurement : Measurement.values()) {
            wanted.add(measurement.key());
        }
    }

    /** Something that reads bytes or refuses them. */
    interface Attempt<T> {
        T run() throws AttestationException;
    }

    /** Reads something; empty where it was refused, which is then a failed line. */
    <T> Optional<T> read(Item item, String expected, Attempt<T> attempt, Function<T, String> found) {
        try {
            T value = attempt.run();
            line(item, expected, found.apply(value), true);
            return Optional.of(value);
        } catch (AttestationException e) {
            line(item, expected, e.getMessage(), false);
            return Optional.empty();
        }
    }

    boolean line(Item item, String expected, String found, boolean good) {
        return add(new Check(item.text(), expected, found, good ? Check.Result.PASSED : Check.Result.FAILED));
    }

    void warn(Item item, String expected, String found) {
        add(new Check(item.text(), expected, found, Check.Result.WARNED));
    }

    /** Adds a line; returns whether it did not fail. A line stands once: what is written twice is a mistake of ours and fails. */
    boolean add(Check check) {
        Check before = lines.putIfAbsent(check.name(), check);
        if (before != null || !wanted.contains(check.name())) {
            lines.put(check.name(), new Check(check.name(), "one such line", "two, or one that no verdict has",
                    Check.Result.FAILED));
            return false;
        }
        return check.result() != Check.Result.FAILED;
    }

    List<Check> close() {
        List<Check> all = new ArrayList<>();
        for (String name : wanted) {
            Check line = lines.remove(name);
            all.add(line != null ? line : new Check(name, "", "not checked, because a check before it failed",
                    Check.Result.FAILED));
        }
        all.addAll(lines.values());
        return all;
    }
}
