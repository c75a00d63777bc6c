package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.Test;

class ModelChangeTest extends LoaderFixture {

    @Test
    void aChangedConfigurationLoadsAnewAndTheWorkerStays() throws InterruptedException {
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.READY, awaitOther(State.STARTING));
        Worker before = registered.get();
        CountDownLatch hold = new CountDownLatch(1);
        openings.add(() -> await(hold));
        given.put("max_running", 9);
        given.put("drain_seconds", 20);
        loader.change(given);
        assertSame(before, registered.get());
        assertTrue(engine.closed, "what was is freed first");
        assertEquals(State.STARTING, before.status().state());
        hold.countDown();
        assertEquals(State.READY, awaitOther(State.STARTING));
        assertEquals(9, settings.get().maxSequences());
        given.put("threads", -1);
        loader.change(given);
        assertEquals(State.FAILED, awaitOther(State.STARTING));
        given.put("path", "");
        loader.change(given);
        assertNull(registered.get());
        given.put("path", "/models/fake.gguf");
        given.put("threads", 1);
        loader.change(given);
        assertEquals(State.READY, awaitOther(State.STARTING));
        loader.stop();
        assertNull(registered.get());
        assertEquals("local-fake", ids.take("fake"), "the id is free again");
    }
}
