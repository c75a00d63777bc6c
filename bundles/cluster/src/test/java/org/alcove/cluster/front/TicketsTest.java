package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.stub.OwnControllerMock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Choices whose answer never came, though the controller may have made them. */
@Timeout(300)
class TicketsTest {

    private static final String CHOOSE = "/alcove/v1/choose";

    private final OwnControllerMock controller = new OwnControllerMock();
    private final AtomicInteger wishes = new AtomicInteger();
    private Harness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new Harness(controller.address());
        harness.front.tell(() -> { }, wishes::incrementAndGet);
    }

    @AfterEach
    void close() {
        harness.close();
        controller.close();
    }

    /** Tickets that the API process named. */
    private List<String> named() {
        return controller.peer().asked(CHOOSE).stream().map(asked -> asked.json().path("ticket").textValue()).toList();
    }

    private void assertReleased() {
        assertEquals(1, named().size());
        assertEquals(1, wishes.get());
        harness.pass(Duration.ofSeconds(3));
        harness.front.release();
        assertEquals(named(), controller.released());
    }

    @Test
    void aChoiceWhoseAnswerIsCutOffIsReleased() {
        controller.peer().on(CHOOSE, (asked, reply) -> reply.die());
        assertThrows(RequestException.class, harness::choose);
        assertReleased();
    }

    @Test
    void aChoiceWhoseAnswerCannotBeReadIsReleased() {
        controller.refuses(200, "{\"ticket\":");
        assertThrows(RequestException.class, harness::choose);
        assertReleased();
    }

    @Test
    void aChoiceThatNobodyWaitsForAnyMoreIsReleased() throws InterruptedException {
        controller.peer().on(CHOOSE, (asked, reply) -> reply.awaitHangUp());
        Thread waiting = Thread.startVirtualThread(() -> assertThrows(RequestException.class, harness::choose));
        while (controller.peer().asked(CHOOSE).isEmpty()) {
            Thread.onSpinWait();
        }
        waiting.interrupt();
        assertTrue(waiting.join(Duration.ofSeconds(60)));
        assertReleased();
    }

    @Test
    void aControllerThatSaysNoHoldsNothing() {
        controller.refuses(503, "{\"error\":{},\"failure\":{\"kind\":\"overloaded\",\"message\":\"full\","
                + "\"retry_after_ms\":2000}}");
        assertThrows(RequestException.class, harness::choose);
        harness.front.release();
        assertEquals(List.of(), controller.released());
    }

    @Test
    void aControllerThatIsAwayIsAskedToReleaseNothingThatItWasNeverAsked() {
        controller.refuses(503, "{}");
        assertThrows(RequestException.class, harness::choose);
        assertThrows(RequestException.class, harness::choose, "it is not asked again so soon");
        assertReleased();
    }

    @Test
    void theNameThatAnOlderControllerGivesATicketIsTheOneThatCounts() {
        controller.chooses("its own", "http://127.0.0.1:1", "m");
        harness.choose().close();
        harness.front.release();
        assertEquals(List.of("its own"), controller.released());
    }
}
