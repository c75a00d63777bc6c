package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.api.control.Command;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.scheduler.lottery.LotteryPolicy;
import org.alcove.scheduler.shortestqueue.ShortestQueuePolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final InstalledPolicies policies = new InstalledPolicies();
    private final SimulateCommand command = new SimulateCommand(policies);
    private final SchedulingPolicy shortest = new ShortestQueuePolicy();

    @TempDir
    Path folder;

    @BeforeEach
    void install() {
        policies.bind(new LotteryPolicy(), Map.of(PolicyName.PROPERTY, "lottery", "service.id", 1L));
        policies.bind(shortest, Map.of(PolicyName.PROPERTY, "shortest_queue", "service.id", 2L));
    }

    private int run(String... arguments) throws IOException {
        out.reset();
        err.reset();
        return command.run(List.of(arguments), new Command.Terminal(InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertMisused(String reason, String... arguments) throws IOException {
        assertEquals(2, run(arguments));
        String told = err.toString(StandardCharsets.UTF_8);
        assertTrue(told.startsWith("alcove simulate: " + reason) && told.contains("usage: "), told);
        assertEquals("", printed());
    }

    @Test
    void allInstalledPoliciesAndTheClairvoyantAreCompared() throws IOException {
        assertEquals(0, run("--workers", "1,1,4", "--load", "0.3,0.9", "--requests", "2000"));
        assertEquals(List.of("lottery", "shortest_queue", "clairvoyant", "lottery", "shortest_queue", "clairvoyant"),
                printed().lines().filter(line -> line.matches("\\| (lottery|shortest_queue|clairvoyant) .*"))
                        .map(line -> line.split("[ |]+")[1]).toList());
        assertTrue(printed().contains("load 0.300") && printed().contains("load 0.900"), printed());
        assertTrue(printed().contains("2 x 20.0 tokens/s"), printed());
    }

    @Test
    void theSameSeedPrintsTheSame() throws IOException {
        run("--workers", "20x1,10x2", "--requests", "1000", "--seed", "7", "--work", "heavy");
        String first = printed();
        run("--workers", "20x1,10x2", "--requests", "1000", "--seed", "7", "--work", "heavy");
        assertEquals(first, printed());
        run("--workers", "20x1,10x2", "--requests", "1000", "--seed", "8", "--work", "heavy");
        assertFalse(first.equals(printed()));
    }

    @Test
    void chartsAreWrittenWhole() throws IOException {
        Path charts = folder.resolve("new/charts");
        run("--workers", "1,1,4", "--load", "0.3,0.9", "--requests", "500", "--out", charts.toString());
        try (Stream<Path> files = Files.list(charts)) {
            assertEquals(new TreeSet<>(List.of("balance-load-0.3.svg", "balance-load-0.9.svg", "percentiles-load-0.3.svg",
                    "percentiles-load-0.9.svg", "response-over-load.svg", "waiting-load-0.3.svg", "waiting-load-0.9.svg")),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
        assertTrue(Files.readString(charts.resolve("balance-load-0.9.svg")).contains("of the speed"));
        assertTrue(printed().contains(charts.resolve("response-over-load.svg").toString()));
        run("--workers", "12", "--load", "0.9", "--requests", "500", "--out", charts.toString());
        assertTrue(Files.readString(charts.resolve("balance-load-0.9.svg")).contains("share of workers"));
    }

    @Test
    void ofAFullDiskTheChartIsToldAndNothingOfItStays() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "SKIPPED: there is no /dev/full");
        Path chart = folder.resolve("waiting-load-0.3.svg");
        Files.createSymbolicLink(folder.resolve(chart.getFileName() + ".part"), full);
        String told = assertThrows(IOException.class, () -> run("--workers", "1,1,4", "--load", "0.3", "--requests", "500",
                "--out", folder.toString())).getMessage();
        assertEquals(chart + " cannot be written: no space is left on its disk; make room or choose another place", told);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aTraceIsServedAsItWasRecordedOrAtALoad() throws IOException {
        Path trace = Files.write(folder.resolve("t.csv"), List.of("0,100,100", "10,100,100", "20,100,100", "30,100,100"));
        assertEquals(0, run("--workers", "2", "--trace", trace.toString(), "--out", folder.toString()));
        assertTrue(printed().contains("load 0.667 (as recorded)"), printed());
        assertTrue(Files.exists(folder.resolve("waiting-as-recorded.svg")));
        assertEquals(0, run("--workers", "2", "--trace", trace.toString(), "--load", "0.5"));
        assertTrue(printed().contains("load 0.500"), printed());
        Files.write(trace, List.of("nonsense"));
        assertThrows(IOException.class, () -> run("--workers", "2", "--trace", trace.toString()));
    }

    @Test
    void ofTwoPoliciesOfOneNameTheHigherRankingIsTaken() throws IOException {
        policies.bind((request, candidates, random) -> {
            throw new IllegalStateException("the new one");
        }, Map.of(PolicyName.PROPERTY, "lottery", "service.id", 9L, "service.ranking", 10));
        assertEquals("the new one", assertThrows(IllegalStateException.class,
                () -> run("--workers", "2", "--policies", "lottery", "--requests", "100")).getMessage());
        policies.unbind(shortest);
        assertMisused("no scheduling policy named shortest_queue is installed; installed: lottery", "--workers", "2",
                "--policies", "shortest_queue");
    }

    @Test
    void wrongArgumentsAreToldWithTheUsage() throws IOException {
        assertMisused("--workers is needed, or --choices without it");
        assertMisused("there is no flag --worker", "--worker", "1");
        assertMisused("--load needs a value", "--workers", "1", "--load");
        assertMisused("--seed is given twice", "--workers", "1", "--seed", "1", "--seed", "2");
        assertMisused("--workers: \"0x4\" is not understood", "--workers", "1,0x4");
        assertMisused("--workers: \"\" is not understood", "--workers", "1,,4");
        assertMisused("--workers 99999x1,2x1 is 100001 workers, at most 100000", "--workers", "99999x1,2x1");
        assertMisused("--load 1.2 is not between 0.001 and 0.99", "--workers", "2", "--load", "0.3,1.2");
        assertMisused("--work strange is not known", "--workers", "2", "--work", "strange");
        assertMisused("--requests, --work and --tokens describe generated requests", "--workers", "2", "--trace", "f", "--work",
                "heavy");
        assertMisused("--slots 0 is no whole number from 1", "--workers", "2", "--slots", "0");
    }

    @Test
    void withoutAPolicyThereIsNothingToSimulate() throws IOException {
        SimulateCommand empty = new SimulateCommand(new InstalledPolicies());
        assertEquals(2, empty.run(List.of("--workers", "1"), new Command.Terminal(InputStream.nullInputStream(),
                new PrintStream(out), new PrintStream(err), false)));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("alcove simulate: no scheduling policy is installed"));
    }

    @Test
    void choicesAreCountedByTheClockGiven() {
        long[] now = {0};
        // Each look at the clock takes a millisecond: rounds of 16 choices each, one look a round.
        Table table = new ChoiceRate(() -> now[0] += 1_000_000, 2_000_000, 16_000_000)
                .table(Map.of("shortest_queue", shortest), new int[] {10, 100}, 1);
        List<String> lines = table.toString().lines().toList();
        assertEquals(4, lines.size());
        // 16 rounds; the clock is looked at once for the start, once a round, and once at the end.
        assertTrue(lines.get(2).matches("\\| shortest_queue \\| +10 \\| +(14|15)[0-9]{3} .*"), lines.get(2));
    }

    @Test
    void helpIsPrinted() throws IOException {
        assertEquals(0, run("--help"));
        assertTrue(printed().startsWith("usage: ./alcove simulate"), printed());
    }
}
