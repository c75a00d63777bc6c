package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.atomic.AtomicLong;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent.Token;
import org.alcove.engine.TokenStream;
import org.junit.jupiter.api.Test;

/** Engines that pause, and sequences whose readers do. */
class SlowEngineTest {

    /** For such a clock a pause never ends, and all the time it lasts the engine must not look as if it hung. */
    @Test
    void anEngineThatPausesShowsThatItLives() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS.withMaxTokensPerSecond(1), clock::incrementAndGet)) {
            assertInstanceOf(Token.class, engine.submit(Engines.request(16, 5, 1)).next());
            for (int i = 0; i < 3; i++) {
                long before = clock.get();
                Await.until("it looked around", () -> engine.status().lastStepNanos() > before);
            }
            assertEquals(0, engine.status().answerTokens(), "the first step is being paused after");
        }
    }

    /** Seven blocks: the slow one fills five and its stream, the urgent one needs three, which sends the slow one away. */
    @Test
    void aSequenceThatLostItsBlocksAndIsNotReadHoldsNobodyUp() throws Exception {
        SequenceRequest slow = Engines.request(10, 300, 4);
        SequenceRequest plain = Engines.request(120, 20, 5);
        SequenceRequest urgent = new SequenceRequest(plain.tokens(), 120, plain.sampling(), 20, 0, plain.endIds(), -1, false, 5);
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS.withKvTokens(7 * 64))) {
            TokenStream slowStream = engine.submit(slow);
            Await.until("its stream is full", () -> engine.status().answerTokens() == BoundedTokenStream.CAPACITY);
            assertEquals(20, Answers.ids(engine.submit(urgent)).length);
            assertEquals(1, engine.status().preemptions());
            TokenStream later = engine.submit(plain);
            Await.until("the later one is answered",
                    () -> engine.status().answerTokens() == BoundedTokenStream.CAPACITY + 20 + 20);
            assertEquals(20, Answers.ids(later).length);
            assertArrayEquals(Engines.alone(slow), Answers.ids(slowStream));
        }
    }
}
