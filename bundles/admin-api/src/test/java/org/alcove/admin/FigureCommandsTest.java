package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.simulation.replay.PolicyReplay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureCommandsTest {

    private final AdminServer server = new AdminServer();
    private final FakeAudit audit = new FakeAudit();
    private Instant now = AdminServer.NOW;

    @TempDir
    Path folder;

    private OverviewDesk overview;
    private PolicySimulationDesk simulation;
    private FigureCommands commands;

    @BeforeEach
    void open() {
        overview = new OverviewDesk(server.controller(), folder.resolve("figures"), () -> now);
        simulation = new PolicySimulationDesk(server.controller(), FigureCommandsTest::replay, () -> now);
        commands = new FigureCommands(overview, simulation, audit);
    }

    private static List<PolicyReplay.Result> replay(PolicyReplay.Recording recording) {
        return List.of(new PolicyReplay.Result("bad", "it threw", List.of(), 0, 0, 0, 0, List.of()),
                new PolicyReplay.Result("good", "", Collections.nCopies(101, 1.5), 1, 2, 3, 4, List.of()));
    }

    private RequestObserver.Record ended() {
        return new RequestObserver.Record("r", "", "m", "w", now, Optional.of(Duration.ofMillis(200)),
                Duration.ofSeconds(1), 1, 1, new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP));
    }

    @Test
    void figuresOfTheLastMinutesAreALineForEachSpan() {
        assertEquals(1, commands.figures().lines().count(), "only the words above the columns");
        overview.ended(ended());
        for (int i = 0; i < 10; i++) {
            now = now.plusSeconds(1);
            overview.look();
        }
        List<String> lines = commands.figures("5").lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.getLast().matches(now + " +1 +0 +[0-9.]+ +[0-9.]+ +200\\.0 +[0-9.]+ +[0-9.]+ +1\\.0"), lines.getLast());
        assertEquals("MINUTES must be a whole number from 1 to 1440, not 0", commands.figures("0"));
    }

    @Test
    void theLastHourUnderEachPolicyIsATableAndWrittenDown() {
        assertTrue(commands.simulate().startsWith("0 requests that are served here came within the last hour"));
        for (int i = 0; i < 20; i++) {
            simulation.ended(ended());
        }
        List<String> lines = commands.simulate("2").lines().toList();
        assertEquals("20 requests; seconds they would have waited", lines.getFirst());
        assertEquals("bad failed: it threw", lines.get(2));
        assertTrue(lines.get(3).matches("good +1\\.0 +1\\.5 +2\\.0 +3\\.0"), lines.get(3));
        assertTrue(commands.simulate("much").startsWith("\"load\" must be a number from 0.1 to 20.0"));
        assertEquals(List.of("the shell shell policy.simulate  load 1 done", "the shell shell policy.simulate  load 2 done",
                "the shell shell policy.simulate  load much refused"), audit.lines);
    }
}
