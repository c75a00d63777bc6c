package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A controller, an API process and three workers of different speed limits, each a process of its own. Whatever fails, every one
 * of 64 streams ends with the text that it has where nothing fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {

    private static final int STREAMS = 64;
    private static final int TOKENS = 96;
    private static final int ROUNDS = 4;
    /** Tokens a second of the three workers. */
    private static final int[] SPEEDS = {150, 300, 600};

    @TempDir
    static Path folder;

    private ClusterProcesses cluster;
    private ServerProcess controller;
    private ServerProcess api;
    private final List<ServerProcess> workers = new ArrayList<>();
    private List<String> undisturbed;

    @BeforeAll
    void start() throws Exception {
        Distribution.smallModel();
        cluster = new ClusterProcesses(folder);
        controller = cluster.controller();
        api = cluster.api();
        for (int speed : SPEEDS) {
            workers.add(cluster.worker(speed));
        }
        workers.forEach(ServerProcess::awaitReady);
        awaitAllReady();
        try (StreamLoad load = load().start(STREAMS)) {
            undisturbed = load.texts();
        }
        assertEquals(STREAMS, undisturbed.stream().distinct().count(), "seeds and prompts make the texts differ");
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Each test finds three workers. */
    @BeforeEach
    void awaitAllReady() {
        workers.forEach(worker -> cluster.awaitState(worker, State.READY));
        RunningModel.await("the model at the API process", () -> !cluster.get(api.url() + "/v1/models").path("data").isEmpty());
    }

    private StreamLoad load() {
        return new StreamLoad(api.url(), ClusterProcesses.MODEL, TOKENS);
    }

    /** Streams that are all well under way. */
    private StreamLoad running() {
        StreamLoad load = load().start(STREAMS);
        RunningModel.await("streams under way", () -> load.deltas() > STREAMS * TOKENS / 4);
        return load;
    }

    /** The worker that has most of the running streams. */
    private ServerProcess busiest() {
        return workers.stream().max(Comparator.comparingInt(this::share)).orElseThrow();
    }

    private int share(ServerProcess worker) {
        return cluster.record(ClusterProcesses.id(worker)).path("queue_length").asInt();
    }

    @Test
    void aWorkerThatIsKilledLosesNoStreamAndIsLateThenGoneAndANewOneTakesLoad() throws Exception {
        ServerProcess added;
        String dead;
        int before;
        try (StreamLoad load = running()) {
            ServerProcess killed = busiest();
            before = controller.output().length();
            killed.kill();
            dead = ClusterProcesses.id(killed);
            added = cluster.worker(SPEEDS[2]);
            workers.set(workers.indexOf(killed), added);
            assertEquals(undisturbed, load.texts());
            cluster.awaitGone(dead);
        }
        RunningModel.await("word that it is gone", () -> controller.output().indexOf("Worker " + dead + " is GONE", before) >= 0);
        String told = controller.output().substring(before);
        int late = told.indexOf("Worker " + dead + " is LATE");
        assertTrue(late >= 0 && told.indexOf("Worker " + dead + " is GONE") > late, () -> "late before gone: " + told);
        awaitAllReady();
        try (StreamLoad load = load().start(STREAMS)) {
            assertEquals(undisturbed, load.texts());
        }
        assertTrue(chosen().contains(ClusterProcesses.id(added)), "the new worker took requests");
    }

    private List<String> chosen() {
        JsonNode dispatches = cluster.get(cluster.controllerUrl() + "/admin/api/dispatch").path("dispatches");
        return StreamSupport.stream(dispatches.spliterator(), false).map(dispatch -> dispatch.path("chosen").asText()).toList();
    }

    @Test
    void aWorkerThatHangsLosesNoStreamAndIsBackWhenItGoesOn() throws Exception {
        try (StreamLoad load = running()) {
            ServerProcess hung = busiest();
            hung.signal("STOP");
            try {
                assertEquals(undisturbed, load.texts());
                cluster.awaitState(hung, State.GONE);
            } finally {
                hung.signal("CONT");
            }
            cluster.awaitState(hung, State.READY);
        }
    }

    @Test
    void aControllerThatIsKilledAndStartedAgainDisturbsNoStreamAndKnowsItsWorkers() throws Exception {
        try (StreamLoad load = running()) {
            controller.kill();
            try (StreamLoad meanwhile = load().start(8)) {
                assertEquals(undisturbed.subList(0, 8), meanwhile.texts(), "new requests go to the workers that were known");
            }
            controller = cluster.controller();
            assertEquals(undisturbed, load.texts());
        }
        awaitAllReady();
        RunningModel.await("a choice of the new controller", () -> {
            try (StreamLoad load = load().start(1)) {
                return undisturbed.subList(0, 1).equals(load.texts()) && !chosen().isEmpty();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void anApiProcessWithoutControllerOrWorkersGivesTheTrueReason() throws Exception {
        try (ReservedPort port = new ReservedPort(); ClusterProcesses lonely = new ClusterProcesses(folder.resolve("lonely"))) {
            ServerProcess asking = lonely.expectController(port).api();
            String away = "the controller cannot be asked: " + lonely.controllerUrl() + " cannot be reached: connection refused";
            assertUnavailable(away, lonely.chat(asking));
            assertUnavailable(away, lonely.readiness(asking));
            ServerProcess knowing = lonely.controller();
            String vacant = "the controller knows no worker that serves anything; start one with ./alcove worker";
            RunningModel.await("word of the controller", () -> lonely.chat(asking).contains(vacant));
            assertUnavailable(vacant, lonely.chat(asking));
            assertUnavailable(vacant, lonely.readiness(asking));
            ServerProcess mortal = lonely.worker(SPEEDS[2]).awaitReady();
            RunningModel.await("an answer", () -> lonely.chat(asking).startsWith("200 "));
            mortal.kill();
            RunningModel.await("word that it is gone", () -> lonely.chat(asking).contains("is gone"));
            knowing.kill();
            RunningModel.await("that it is forgotten", () -> {
                String told = lonely.chat(asking);
                assertUnavailable("", told);
                return told.contains("no worker for the model") && told.contains(away);
            });
        }
    }

    private static void assertUnavailable(String why, String told) {
        assertTrue(told.startsWith("503 ") && told.contains(why), told);
    }

    @Test
    void aWorkerThatAnswersGarbageIsRestedAndTheAnswersComeFromOthers() throws Exception {
        try (GarbageWorker garbage = new GarbageWorker(cluster.controllerUrl(),
                cluster.get(workers.getFirst().url() + "/alcove/v1/status"))) {
            RunningModel.await("the worker of garbage known", () -> cluster.state(garbage.id()) == State.READY);
            for (int round = 0; round < ROUNDS; round++) {
                try (StreamLoad load = load().start(STREAMS)) {
                    assertEquals(undisturbed, load.texts());
                }
            }
            assertTrue(garbage.asked() > 0, "it was given requests");
            assertTrue(garbage.asked() < ROUNDS * STREAMS / 2, "and is rested: it was asked " + garbage.asked() + " times");
        }
    }

    @Test
    void aWorkerThatIsAskedToEndHandsOverOrFinishesItsStreams() throws IOException, InterruptedException {
        ServerProcess leaving;
        try (StreamLoad load = running()) {
            leaving = busiest();
            int before = controller.output().length();
            assertEquals(ServerProcess.SIGTERM_STATUS, leaving.terminate());
            assertEquals(undisturbed, load.texts());
            String told = controller.output().substring(before);
            assertTrue(told.contains("Worker " + ClusterProcesses.id(leaving) + " is DRAINING"), told);
        }
        workers.set(workers.indexOf(leaving), cluster.worker(SPEEDS[2]).awaitReady());
    }
}
