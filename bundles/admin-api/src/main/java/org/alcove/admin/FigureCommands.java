package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alcove.accounts.Audit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Commands of the framework's shell for what the overview and the simulation show: {@code alcove:figures} and
 * {@code alcove:simulate}. That shell finds them by their service properties.
 */
@Component(service = FigureCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=figures",
    "osgi.command.function=simulate"})
public final class FigureCommands {

    private static final int USUAL_MINUTES = 60;
    private static final int LINES = 24;
    private static final String FIGURES = "%-20s %8s %6s %9s %9s %10s %7s %7s %5s";
    private static final String POLICIES = "%-20s %10s %10s %10s %7s";

    private final OverviewDesk overview;
    private final PolicySimulationDesk simulation;
    private final ShellDeeds deeds;

    @Activate
    public FigureCommands(@Reference OverviewDesk overview, @Reference PolicySimulationDesk simulation, @Reference Audit audit) {
        this.overview = overview;
        this.simulation = simulation;
        this.deeds = new ShellDeeds(audit);
    }

    /** The last hour. */
    public String figures() {
        return figures(Integer.toString(USUAL_MINUTES));
    }

    /** The last minutes, a day at most, in two dozen spans. */
    public String figures(String minutes) {
        List<String> lines = new ArrayList<>(List.of(String.format(FIGURES, "until", "requests", "failed", "read/s", "written/s",
                "first [ms]", "running", "waiting", "ready")));
        int asked;
        try {
            asked = (int) ShellDeeds.number(minutes, 1, OverviewDesk.DAY_MINUTES, "MINUTES");
        } catch (AdminException refused) {
            return refused.getMessage();
        }
        overview.last(asked, LINES).forEach(point -> lines.add(line(point)));
        return String.join("\n", lines);
    }

    private static String line(Point point) {
        Point.Requests requests = point.requests();
        return String.format(FIGURES, point.end().truncatedTo(ChronoUnit.SECONDS), requests.count(), requests.failed(),
                rounded(requests.promptTokens() / point.seconds()), rounded(requests.answerTokens() / point.seconds()),
                requests.first() == 0 ? "" : rounded(requests.firstMillis() / requests.first()),
                rounded(point.levels().running()), rounded(point.levels().waiting()), rounded(point.levels().workersReady()));
    }

    /** The requests of the last hour under each policy, as fast as they came. */
    public String simulate() {
        return simulate("1");
    }

    /** The same, that many times as fast. */
    public String simulate(String load) {
        return deeds.perform("policy.simulate", "", "load " + load, () -> {
            double times;
            try {
                times = Double.parseDouble(load);
            } catch (NumberFormatException notANumber) {
                times = Double.NaN;
            }
            return table(simulation.simulate(times));
        });
    }

    private static String table(ObjectNode told) {
        if (!told.path("reason").asText().isEmpty()) {
            return told.path("reason").asText();
        }
        List<String> lines = new ArrayList<>(List.of(told.path("requests").asInt() + " requests; seconds they would have waited",
                String.format(POLICIES, "policy", "mean", "worst 5 %", "answered", "queue")));
        for (JsonNode policy : told.path("policies")) {
            lines.add(policy.path("fault").asText().isEmpty() ? String.format(POLICIES, policy.path("policy").asText(),
                    rounded(policy.path("waiting_seconds").asDouble()), rounded(policy.path("waiting_seconds_p95").asDouble()),
                    rounded(policy.path("response_seconds").asDouble()), rounded(policy.path("queue").asDouble()))
                    : policy.path("policy").asText() + " failed: " + policy.path("fault").asText());
        }
        return String.join("\n", lines);
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
