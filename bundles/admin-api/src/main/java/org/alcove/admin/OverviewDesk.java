package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of the whole platform: of the last 24 hours, and live. Looks at the workers once a second, on a thread of its own. */
@Component(service = {Desk.class, RequestObserver.class, OverviewDesk.class}, immediate = true)
public final class OverviewDesk implements Desk, RequestObserver {

    private static final Logger LOG = LoggerFactory.getLogger(OverviewDesk.class);
    static final int DAY_MINUTES = 1440;
    private static final int STREAMS = 16;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Controller controller;
    private final InstantSource clock;
    private final FigureTally tally;
    private final FigureFile file;
    private final FigureRing ring;
    private final Semaphore streams = new Semaphore(STREAMS);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Activate
    public OverviewDesk(@Reference Controller controller, BundleContext context) {
        this(controller, DataFolder.of(context).resolve("figures"), InstantSource.system());
        Thread.ofVirtual().name("alcove-overview").start(this::watch);
    }

    OverviewDesk(Controller controller, Path file, InstantSource clock) {
        this.controller = controller;
        this.clock = clock;
        this.tally = new FigureTally(clock.instant());
        this.file = new FigureFile(file, FigureRing.KEPT);
        // A clock that was set back must not put the present before the past.
        Instant now = clock.instant();
        Instant from = now.minus(Duration.ofMinutes(DAY_MINUTES));
        this.ring = new FigureRing(this.file.kept().stream()
                .filter(span -> span.end().isAfter(from) && !span.end().isAfter(now)).toList());
    }

    @Deactivate
    void stop() {
        stopped.countDown();
    }

    private void watch() {
        try {
            while (!stopped.await(1, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("The figures of the last day could not be closed: {}", e.toString());
        }
    }

    /** Adds one second. */
    void look() {
        try {
            ring.add(tally.look(controller.workers(), clock.instant())).ifPresent(file::add);
        } catch (RuntimeException e) {
            LOG.error("The figures of a second are missing", e);
        }
    }

    @Override
    public void ended(RequestObserver.Record record) {
        tally.ended(record);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see("overview", Role.VIEWER, this::overview).asking("minutes", "points"),
                Route.see("overview/stream", Role.VIEWER, this::stream));
    }

    private Route.Reply overview(Call call) {
        int minutes = call.query("minutes", 60, 1, DAY_MINUTES);
        int points = call.query("points", 360, 10, 2000);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("resolution_seconds", FigureRing.RESOLUTION_SECONDS)
                .put("damaged_records", file.damaged());
        ring.now().ifPresentOrElse(now -> json.set("now", now.json()), () -> json.putNull("now"));
        ArrayNode list = json.putArray("points");
        last(minutes, points).forEach(point -> list.add(point.json()));
        return Route.Reply.ok(json);
    }

    /** What was in the last minutes, in so many spans at most, the oldest first. */
    List<Point> last(int minutes, int points) {
        return ring.since(clock.instant().minus(Duration.ofMinutes(minutes)), points);
    }

    private Route.Reply stream(Call call) {
        if (!streams.tryAcquire()) {
            throw new AdminException(429, "too_many_streams", "there are " + STREAMS + " streams of figures already; close one",
                    Duration.ofSeconds(10));
        }
        try {
            call.response().setContentType("text/event-stream");
            call.response().setHeader("Cache-Control", "no-store");
            call.response().setHeader("X-Accel-Buffering", "no");
            OutputStream out = call.response().getOutputStream();
            long end = System.nanoTime() + LONGEST.toNanos();
            long seen = ring.number() - 1;
            while (System.nanoTime() < end && stopped.getCount() > 0) {
                ring.await(seen);
                seen = ring.number();
                String event = ring.now().map(now -> "event: figures\ndata: " + now.json() + "\n\n").orElse(": none yet\n\n");
                out.write(event.getBytes(StandardCharsets.UTF_8));
                call.response().flushBuffer();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            LOG.debug("A reader of live figures is gone: {}", gone.toString());
        } finally {
            streams.release();
        }
        return null;
    }
}
