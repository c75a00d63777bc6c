package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.control.Models.State;
import org.junit.jupiter.api.Test;

/** A model whose loading goes on after it has been unloaded, because nothing could end it. */
class ResidentTest extends Household {

    /** What unloading does once it has waited for the loading to end for as long as it may. */
    private static void unload(Resident resident) {
        resident.dismiss();
        resident.free();
        resident.gone();
    }

    private void load(Resident resident, int openingsThen) {
        assertEquals(Optional.empty(), residence.admit(resident, false));
        while (loading.size() < openingsThen) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLoadingThatEndsLateSaysNothingAboutTheOneThatCameAfterIt() throws Exception {
        house(BYTES, true, -1);
        slow = true;
        enter("a");
        Resident resident = residents.get("a");
        while (loading.isEmpty()) {
            Thread.onSpinWait();
        }
        unload(resident);
        CountDownLatch first = goOn;
        goOn = new CountDownLatch(1);
        load(resident, 2);
        first.countDown();
        loading.getFirst().join();
        assertTrue(engines.getFirst().closed);
        assertEquals(State.LOADING, state("a"));
        goOn.countDown();
        assertEquals(State.READY, settled("a"));
        assertFalse(engines.getLast().closed);
        residence.unload(resident);
        assertEquals(State.UNLOADED, settled("a"));
        assertTrue(engines.getLast().closed);
    }

    @Test
    void aLoadingThatWasFreedTellsItsWorkerNothingMore() {
        house(BYTES, true, -1);
        ModelWorker worker = new ModelWorker("local-a", "a", LONG, new SealedEntrance());
        ModelLoad load = new ModelLoad(rooms, order("a"), worker);
        AtomicBoolean looked = new AtomicBoolean();
        kernels = () -> {
            if (looked.getAndSet(true)) {
                return true;
            }
            load.free();
            worker.enter(new ModelWorker.Phase.Absent("it was unloaded"));
            return false;
        };
        load.run();
        assertInstanceOf(ModelWorker.Phase.Absent.class, worker.phase());
        assertTrue(engines.stream().allMatch(engine -> engine.closed));
    }
}
