package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configuration of a controller, an API process and their one worker is edited while they run. Streams go on with the text
 * that they have where nobody edits anything, and no request is refused meanwhile.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterSettingsIT {

    private static final int STREAMS = 8;
    private static final int TOKENS = 160;
    private static final int SPEED = 300;

    @TempDir
    static Path folder;

    private Path home;
    private ClusterProcesses cluster;
    private ServerProcess controller;
    private ServerProcess api;
    private ServerProcess worker;
    private List<String> undisturbed;

    @BeforeAll
    void start() throws Exception {
        Distribution.smallModel();
        home = Distribution.copyTo(folder.resolve("home"));
        cluster = new ClusterProcesses(folder, home);
        controller = cluster.controller();
        api = cluster.api();
        worker = cluster.worker(SPEED).awaitReady();
        cluster.awaitState(worker, State.READY);
        RunningModel.await("an answer", () -> cluster.chat(api).startsWith("200 "));
        try (StreamLoad load = load()) {
            undisturbed = load.texts();
        }
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Streams under way. */
    private StreamLoad load() {
        StreamLoad load = new StreamLoad(api.url(), ClusterProcesses.MODEL, TOKENS).start(STREAMS);
        RunningModel.await("streams under way", () -> load.deltas() > STREAMS);
        return load;
    }

    /** A file that is edited, and the process that reads it. */
    private final class Edit {

        private final Path file;
        private final String shipped;
        private final ServerProcess process;
        private int written;

        Edit(String role, ServerProcess process, String line, String other) throws IOException {
            this.file = home.resolve("conf/org.alcove.cluster." + role + ".config");
            this.process = process;
            shipped = Files.readString(file);
            assertTrue(shipped.contains(line), shipped);
            write(shipped.replace(line, other));
        }

        private void write(String text) throws IOException {
            written = process.output().length();
            Path whole = Files.writeString(folder.resolve("edited"), text);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }

        /** Waits for words of the process; until they are there each request is answered. */
        void awaitWord(String words) {
            RunningModel.await(words, () -> {
                answers();
                return process.output().indexOf(words, written) >= 0;
            });
            answers();
        }

        void undo() throws IOException {
            write(shipped);
            awaitWord("has changed: ");
        }
    }

    private void answers() {
        String told = cluster.chat(api);
        assertTrue(told.startsWith("200 "), told);
    }

    /** Waits for words about an edit, and undoes it. */
    private void edit(String role, ServerProcess process, String line, String other, String words) throws Exception {
        try (StreamLoad load = load()) {
            Edit edit = new Edit(role, process, line, other);
            edit.awaitWord(words);
            cluster.awaitState(worker, State.READY);
            edit.undo();
            assertEquals(undisturbed, load.texts());
        }
        cluster.awaitState(worker, State.READY);
    }

    private void changesNothing(String role, ServerProcess process, String line, String other) throws Exception {
        edit(role, process, line, other, "; all goes on as it was before until it is corrected");
    }

    private void isTaken(String role, ServerProcess process, String line, String other) throws Exception {
        edit(role, process, line, other, "Configuration org.alcove.cluster." + role + " has changed: ");
    }

    @Test
    void aSettingOfAnApiProcessThatMakesNoSenseIsToldAndChangesNothing() throws Exception {
        changesNothing("api", api, "connect_seconds=I\"2\"", "connect_seconds=I\"0\"");
    }

    @Test
    void aSettingOfAWorkerThatMakesNoSenseIsToldAndChangesNothing() throws Exception {
        changesNothing("worker", worker, "Integer;default=20]", "Integer;default=twenty]");
    }

    @Test
    void aSettingOfAControllerThatMakesNoSenseIsToldAndChangesNothing() throws Exception {
        changesNothing("controller", controller, "Integer;default=300]", "Integer;default=-1]");
    }

    @Test
    void anotherSettingOfAnApiProcessIsTakenWhileStreamsRun() throws Exception {
        isTaken("api", api, "connect_seconds=I\"2\"", "connect_seconds=I\"3\"");
    }

    @Test
    void anotherSettingOfAWorkerIsTakenWhileStreamsRun() throws Exception {
        isTaken("worker", worker, "Integer;default=20]", "Integer;default=21]");
    }

    @Test
    void anotherSettingOfAControllerIsTakenWhileStreamsRun() throws Exception {
        isTaken("controller", controller, "Integer;default=300]", "Integer;default=301]");
    }

    /** It is the only one here, so that there is none for a moment. */
    @Test
    void aWorkerThatIsReachedElsewhereIsKnownThereAndItsStreamsGoOn() throws Exception {
        String elsewhere = worker.url().replace("127.0.0.1", "localhost");
        try (StreamLoad load = load()) {
            Edit edit = new Edit("worker", worker, "$[prop:alcove.advertise;default=]", elsewhere);
            RunningModel.await("the new address", () -> cluster.state(elsewhere + "#" + ClusterProcesses.MODEL) == State.READY);
            RunningModel.await("an answer", () -> cluster.chat(api).startsWith("200 "));
            edit.write(edit.shipped);
            assertEquals(undisturbed, load.texts());
        }
        cluster.awaitState(worker, State.READY);
        RunningModel.await("an answer", () -> cluster.chat(api).startsWith("200 "));
    }
}
