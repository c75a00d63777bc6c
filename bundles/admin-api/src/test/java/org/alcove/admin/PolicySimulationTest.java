package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.simulation.replay.PolicyReplay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicySimulationTest {

    private static final String PATH = "/admin/api/policy/simulation";

    private final AdminServer server = new AdminServer();
    private final List<PolicyReplay.Recording> asked = new ArrayList<>();
    private Instant now = AdminServer.NOW;
    private final PolicySimulationDesk desk = new PolicySimulationDesk(server.controller(), this::replay, () -> now);

    private List<PolicyReplay.Result> replay(PolicyReplay.Recording recording) {
        asked.add(recording);
        return List.of(new PolicyReplay.Result("bad", "it threw", List.of(), 0, 0, 0, 0, List.of()),
                new PolicyReplay.Result("good", "", Collections.nCopies(101, 1.5), 1, 2, 3, 4,
                        List.of(new PolicyReplay.Share(FakeController.ID, 20, 1))));
    }

    @BeforeEach
    void start() throws Exception {
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void ended(int count, String model, String worker, int tokens) {
        for (int i = 0; i < count; i++) {
            desk.ended(new RequestObserver.Record("r", "ann", model, worker, now.plusSeconds(i), Optional.empty(),
                    Duration.ofSeconds(3), tokens, tokens, new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP)));
        }
    }

    private JsonNode simulation() throws Exception {
        return server.ask("GET", PATH, "localhost", "Cookie: viewer").body();
    }

    @Test
    void tooFewRequestsAreToldAndNotReplayed() throws Exception {
        ended(19, "m", "w", 10);
        ended(3, "gone", "w", 10);
        JsonNode told = simulation();
        assertEquals(19, told.get("requests").intValue());
        assertEquals(3, told.get("left_out").intValue());
        assertEquals(0, told.get("policies").size());
        assertTrue(told.get("reason").textValue().startsWith("19 requests that are served here came within the last hour; at"
                + " least 20 are needed"), told.get("reason").textValue());
        assertTrue(asked.isEmpty());
    }

    @Test
    void theLastHourIsReplayedWithTheSpeedsThatWereMeasured() throws Exception {
        ended(5, "m", "w", 10);
        now = now.plus(Duration.ofMinutes(70));
        ended(20, "m", "w", 10);
        ended(5, "m", "", 0);
        JsonNode told = simulation();
        assertEquals(20, told.get("requests").intValue());
        assertEquals(3, told.get("measured_response_seconds").doubleValue());
        assertEquals("", told.get("reason").textValue());
        assertEquals("it threw", told.at("/policies/0/fault").textValue());
        assertEquals(1.5, told.at("/policies/1/waiting_seconds_p95").doubleValue());
        assertEquals(101, told.at("/policies/1/waiting_percentiles").size());
        assertEquals(20, told.at("/policies/1/shares/0/requests").intValue());
        assertEquals(List.of(new PolicyReplay.Server(FakeController.ID, "m", 12.5)), asked.getFirst().servers());
        assertEquals(new PolicyReplay.Order(19, "m", 20), asked.getFirst().orders().getLast());
    }

    @Test
    void theSameRequestsCanComeFasterAndThatIsWrittenDown() throws Exception {
        ended(20, "m", "w", 10);
        String[] operator = {"Cookie: operator", "X-Alcove-Csrf: token"};
        assertEquals(2, server.send("POST", PATH, "{\"load\": 2}", operator).body().get("load").doubleValue());
        assertEquals(9.5, asked.getFirst().orders().getLast().seconds());
        assertEquals("ann session policy.simulate  load 2.0 done", server.audit().lines.getLast());
        for (String body : List.of("{}", "{\"load\": 0}", "{\"load\": \"2\"}", "{\"load\": 21}")) {
            assertEquals("invalid_field", server.send("POST", PATH, body, operator).code(), body);
        }
    }

    @Test
    void noMoreRequestsAreKeptThanThereIsRoomFor() {
        PolicyArrivals arrivals = new PolicyArrivals();
        for (int i = 0; i < PolicyArrivals.MOST + 5; i++) {
            arrivals.add(new RequestObserver.Record("r", "", "m" + i, "w", now, Optional.empty(), Duration.ZERO, 1, 1,
                    new RequestObserver.Outcome.Cancelled()));
        }
        assertEquals(PolicyArrivals.MOST, arrivals.lastHour(now).size());
        assertEquals("m5", arrivals.lastHour(now).getFirst().model());
    }
}
