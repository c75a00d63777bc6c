package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverviewTest {

    private static final String VIEWER = "Cookie: viewer";

    private final AdminServer server = new AdminServer();
    private Instant now = AdminServer.NOW;
    private OverviewDesk desk;

    @TempDir
    Path folder;

    @BeforeEach
    void open() {
        desk = new OverviewDesk(server.controller(), folder.resolve("figures"), () -> now);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(1);
            desk.look();
        }
    }

    private static RequestObserver.Record ended(long firstMillis, RequestObserver.Outcome outcome) {
        return new RequestObserver.Record("r", "", "m", "w", Instant.EPOCH,
                firstMillis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(firstMillis)), Duration.ofSeconds(1), 1, 1,
                outcome);
    }

    @Test
    void figuresOfSecondsBecomeSpansOfTenAndThoseAreMergedToAsManyAsAreWanted() throws Exception {
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
        desk.ended(ended(100, new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP)));
        desk.ended(ended(300, new RequestObserver.Outcome.Cancelled()));
        desk.ended(ended(0, new RequestObserver.Outcome.Broken(new Failure.Internal("lost"))));
        seconds(10);
        JsonNode point = server.ask("GET", "/admin/api/overview", "localhost", VIEWER).body().at("/points/0");
        assertEquals(3, point.get("requests").intValue());
        assertEquals(1, point.get("failed").intValue());
        assertEquals(200, point.get("first_token_ms").doubleValue());
        assertEquals(300, point.get("first_token_ms_max").doubleValue());
        assertEquals(10, point.get("seconds").doubleValue());
        assertEquals(5, point.get("kv_blocks_used").doubleValue());
        assertEquals(40, point.get("kv_bytes").doubleValue());
        assertEquals(1, point.get("workers_ready").doubleValue());
        seconds(290);
        JsonNode all = server.ask("GET", "/admin/api/overview?points=10", "localhost", VIEWER).body();
        assertEquals(10, all.get("points").size());
        assertEquals(30, all.at("/points/9/seconds").doubleValue());
        assertEquals(3, all.at("/points/0/requests").intValue());
        assertTrue(all.at("/points/9/first_token_ms").isNull());
        assertEquals(6, server.ask("GET", "/admin/api/overview?minutes=1", "localhost", VIEWER).body().get("points").size());
    }

    @Test
    void boundsOfTheQueryAreKept() throws Exception {
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
        for (String query : List.of("minutes=0", "minutes=1441", "minutes=x", "points=9", "points=2001")) {
            assertEquals("invalid_field", server.ask("GET", "/admin/api/overview?" + query, "localhost", VIEWER).code(), query);
        }
    }

    @Test
    void figuresAreThereAgainAfterARestartAndADamagedEndIsTold() throws Exception {
        desk.ended(ended(100, new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP)));
        seconds(25);
        Path file = folder.resolve("figures");
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        open();
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
        JsonNode before = server.ask("GET", "/admin/api/overview", "localhost", VIEWER).body();
        assertEquals(2, before.get("points").size());
        assertEquals(1, before.at("/points/0/requests").intValue());
        assertEquals(100, before.at("/points/0/first_token_ms").doubleValue());
        assertEquals(40, before.at("/points/0/kv_bytes").doubleValue());
        assertEquals(1, before.get("damaged_records").intValue());
        seconds(10);
        open();
        assertEquals(3, new FigureFile(file, 10).kept().size());
        assertEquals(0, new FigureFile(file, 10).damaged());
    }

    @Test
    void figuresOfMoreThanADayAgoAndOfTheFutureAreLeftOut() throws Exception {
        seconds(10);
        now = now.plus(Duration.ofDays(1));
        open();
        seconds(10);
        now = now.minusSeconds(5);
        open();
        server.add(desk);
        server.start(AdminServer.gate(Optional.empty(), true));
        assertEquals(0, server.ask("GET", "/admin/api/overview?minutes=1440", "localhost", VIEWER).body().get("points").size());
        now = now.plusSeconds(5);
        open();
        assertEquals(2, new FigureFile(folder.resolve("figures"), 10).kept().size());
    }

    @Test
    void aDayIsKeptAndNoMore() {
        seconds(10);
        FigureRing ring = new FigureRing(List.of());
        Point ten = new Point(now, 10, Point.Requests.NONE, new Point.Levels(0, 0, 0, 0, 0, 0, 0, 0));
        for (int i = 0; i < 8650; i++) {
            ring.add(ten);
        }
        assertEquals(8640, ring.since(Instant.EPOCH, 10_000).size());
    }
}
