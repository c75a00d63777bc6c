package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import org.alcove.api.control.Models;
import org.alcove.api.control.Models.State;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

class ResidenceTest extends Household {

    private static Failure.Unavailable refusal(org.junit.jupiter.api.function.Executable deed) {
        return assertInstanceOf(Failure.Unavailable.class, assertThrows(RequestException.class, deed).failure());
    }

    @Test
    void theLeastRecentlyUsedGoesFirstAndComesBackWhenItIsAskedFor() throws Exception {
        house(2 * BYTES, true, -1);
        enter("a", "b", "c");
        assertEquals(State.UNLOADED, state("c"), "what comes by its configuration makes nobody go");
        use("a");
        models.demand("c");
        assertEquals(State.READY, settled("c"));
        assertEquals(State.UNLOADED, settled("b"));
        assertEquals(State.READY, state("a"));
        assertEquals(WorkerStatus.State.PAUSED, residents.get("b").worker().status().state());
        assertTrue(residents.get("b").worker().status().reason().contains("room for c"));
        assertEquals(2 * BYTES, models.budget().held());
        models.demand("b");
        assertEquals(State.READY, settled("b"));
        assertEquals(State.UNLOADED, settled("a"));
        assertEquals("abc", Bench.text(Bench.rest(ask("b"))));
    }

    @Test
    void aPinnedModelAndOneThatAnswersStayAndTheRefusalTellsBothNumbers() throws Exception {
        house(2 * BYTES, true, -1);
        enter("a", "b", "c");
        models.keep("a", new Models.Keeping(true, OptionalLong.empty()));
        try (Generation answer = ask("b")) {
            assertEquals(1, models.named("b").orElseThrow().answering());
            Failure.Unavailable refusal = refusal(() -> models.demand("c"));
            assertTrue(refusal.message().contains("needs 1 MB"), refusal.message());
            assertTrue(refusal.message().contains("of the budget of 1 MB only 0 MB can be had"), refusal.message());
            assertTrue(refusal.message().contains("local-a, local-b"), refusal.message());
            assertEquals(State.READY, state("a"));
            assertEquals(State.READY, state("b"));
        }
        models.demand("c");
        assertEquals(State.READY, settled("c"));
        assertEquals(State.UNLOADED, settled("b"));
        assertEquals(State.READY, state("a"));
    }

    @Test
    void ofModelsUsedBetweenTwoLooksTheOneThatWasLeftFirstGoes() throws Exception {
        house(2 * BYTES, true, -1);
        enter("a", "b", "c");
        Generation first = ask("b");
        now = now.plusMillis(1);
        ask("a").close();
        now = now.plusMillis(1);
        first.close();
        now = now.plusMillis(1);
        models.demand("c");
        assertEquals(State.READY, settled("c"));
        assertEquals(State.UNLOADED, settled("a"));
        now = now.plusMillis(1);
        ask("c").close();
        now = now.plusMillis(1);
        ask("b").close();
        models.demand("a");
        assertEquals(State.UNLOADED, settled("c"));
        assertEquals(State.READY, settled("a"));
    }

    @Test
    void manyWhoAskForOneModelLoadItOnce() throws Exception {
        house(BYTES, true, -1);
        slow = true;
        enter("a");
        for (int i = 0; i < 10; i++) {
            assertEquals(State.LOADING, models.demand("a").state());
        }
        goOn.countDown();
        assertEquals(State.READY, settled("a"));
        assertEquals(State.READY, models.demand("a").state());
        assertEquals(1, openings.get());
    }

    @Test
    void anIdleModelGoesAfterItsTimeAndAPinnedOneOrOneThatAnswersDoesNot() throws Exception {
        house(3 * BYTES, true, 100);
        enter("a", "b", "c");
        models.keep("b", new Models.Keeping(true, OptionalLong.empty()));
        models.keep("c", new Models.Keeping(false, OptionalLong.of(-1)));
        try (Generation answer = ask("a")) {
            now = now.plusSeconds(1000);
            residence.look();
            assertEquals(State.READY, state("a"));
        }
        now = now.plusSeconds(99);
        residence.look();
        assertEquals(State.READY, state("a"));
        now = now.plusSeconds(1);
        residence.look();
        assertEquals(State.UNLOADED, state("a"));
        assertEquals(State.READY, state("b"));
        assertEquals(State.READY, state("c"));
    }

    @Test
    void aModelThatIsKeptForMoreSecondsThanTimeHasStaysAndTheOthersGoAllTheSame() throws Exception {
        house(3 * BYTES, true, 100);
        enter("a", "b", "c");
        models.keep("b", new Models.Keeping(false, OptionalLong.of(Long.MAX_VALUE)));
        now = now.plusSeconds(1000);
        residence.look();
        assertEquals(State.UNLOADED, state("a"));
        assertEquals(State.READY, state("b"));
        assertEquals(State.UNLOADED, state("c"));
    }

    @Test
    void anEngineThatCannotBeClosedKeepsNobodyFromBeingUnloaded() throws Exception {
        house(2 * BYTES, true, 100);
        enter("a", "b");
        engines.getFirst().fault = new IllegalStateException("it will not close");
        now = now.plusSeconds(1000);
        residence.look();
        assertEquals(State.UNLOADED, state("a"));
        assertEquals(State.UNLOADED, state("b"));
        assertTrue(engines.getLast().closed);
    }

    @Test
    void aModelThatIsNotKeptGoesAtOnceButNotBeforeItsFirstUse() throws Exception {
        house(BYTES, true, 0);
        enter("a");
        residence.look();
        assertEquals(State.READY, state("a"));
        use("a");
        assertEquals(State.UNLOADED, state("a"));
    }

    @Test
    void aFileOfTheFolderIsConfiguredWhenItIsAskedForAndMayTakeAPlace() throws Exception {
        house(BYTES, true, -1);
        enter("a");
        Files.writeString(folder.resolve("models/shelf.gguf"), "x");
        assertEquals(List.of("a", "shelf"), models.all().stream().map(Models.Model::name).toList());
        assertEquals(BYTES, models.all().get(1).predicted().orElseThrow().total());
        assertEquals(State.LOADING, models.demand("shelf").state());
        models.demand("shelf");
        assertEquals(1, configured.size());
        assertEquals("shelf", configured.getFirst().get("name"));
        enter("shelf");
        assertEquals(State.READY, settled("shelf"));
        assertEquals(State.UNLOADED, settled("a"));
        assertInstanceOf(Failure.UnknownModel.class,
                assertThrows(RequestException.class, () -> models.demand("nobody")).failure());
    }

    @Test
    void whereRequestsDoNotLoadModelsTheRefusalSaysWhatToDoAndAPersonMay() throws Exception {
        house(BYTES, false, -1);
        enter("a");
        models.unload("a");
        assertEquals(State.UNLOADED, settled("a"));
        assertTrue(refusal(() -> models.demand("a")).message().contains("load_on_demand"));
        models.load("a");
        assertEquals(State.READY, settled("a"));
    }

    @Test
    void oneThatCannotBeLoadedTellsWhyAndIsTriedAgainByAPersonOnly() throws Exception {
        house(BYTES, true, -1);
        broken = true;
        enter("a");
        assertEquals(State.FAILED, state("a"));
        assertTrue(models.demand("a").reason().contains("tensor x is missing"));
        assertEquals(1, openings.get());
        broken = false;
        models.load("a");
        assertEquals(State.READY, settled("a"));
    }

    @Test
    void whatWasSaidAboutModelsIsRememberedOverARestart() throws Exception {
        house(BYTES, true, -1);
        enter("a");
        Models.Keeping keeping = new Models.Keeping(true, OptionalLong.of(7));
        models.keep("a", keeping);
        house(BYTES, true, -1);
        enter("a");
        assertEquals(keeping, models.named("a").orElseThrow().keeping());
        models.keep("a", Models.Keeping.USUAL);
        assertEquals("", Files.readString(folder.resolve("kept")));
    }
}
