package org.alcove.cluster.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.ProcessReport;

/** The doors of a worker's process, with workers that the test makes. */
public final class NodeHarness implements AutoCloseable {

    public static final String INSTANCE = "instance-1";

    final Residents residents = new Residents();
    final OpenAnswers answers = new OpenAnswers();
    final AtomicInteger nudges = new AtomicInteger();
    private final TestDoor door;

    public NodeHarness(Guard guard, Duration ping, Worker... workers) {
        for (int i = 0; i < workers.length; i++) {
            residents.add(i, workers[i]);
        }
        Map<String, Route> routes = new HashMap<>(new NodeRoutes(residents, answers, this::report,
                InstantSource.fixed(FakeWorker.NOW.plusMillis(30)), ping, nudges::incrementAndGet).routes());
        routes.putAll(new ForeignNodeRoutes(residents, answers, () -> ForeignFigures.of(report()), ping).routes());
        door = new TestDoor(guard, TestDoor.LIMITS, routes);
    }

    public ProcessReport report() {
        return new ProcessReport(INSTANCE, residents.reports(FakeWorker.NOW.plusMillis(30)));
    }

    public TestDoor door() {
        return door;
    }

    @Override
    public void close() {
        door.close();
    }
}
