package org.alcove.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

class WorkerCommandsTest {

    private final List<String> told = new ArrayList<>();
    private final WorkerCommands commands = new WorkerCommands((Controller) Proxy.newProxyInstance(
            Controller.class.getClassLoader(), new Class<?>[] {Controller.class}, (self, method, arguments) -> {
                if (method.getName().equals("workers")) {
                    return List.of(new Status("w", List.of("m"), 12.25, 3, true, Instant.EPOCH, WorkerStatus.State.DRAINING,
                            "it was told to drain", WorkerStatus.Load.NONE));
                }
                if (!arguments[0].equals("w")) {
                    throw new NoSuchElementException("there is no worker " + arguments[0] + " here");
                }
                told.add(method.getName() + " " + arguments[0]);
                return null;
            }));

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    @Test
    void workersAreListedWithWhatTheyDoAndWhy() {
        String line = commands.workers();
        assertTrue(line.startsWith("w ") && line.contains("draining") && line.contains("3 requests")
                && line.contains("12.3 tokens/s") && line.endsWith("m  it was told to drain"), line);
    }

    @Test
    void aWorkerIsToldAndShownAndAnUnknownOneIsSaidToBe() {
        assertTrue(commands.drain("w").contains("draining"));
        assertTrue(commands.reopen("w").startsWith("w "));
        assertEquals(List.of("drain w", "reopen w"), told);
        assertEquals("there is no worker x here", commands.drain("x"));
    }
}
