package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/** Reads streams to their end. */
final class Answers {

    private Answers() {
    }

    /** Ids of an answer that ends as asked. */
    static int[] ids(TokenStream stream) throws InterruptedException {
        List<TokenEvent> events = events(stream);
        if (!(events.getLast() instanceof TokenEvent.Finished)) {
            fail("the stream ended with " + events.getLast());
        }
        return events.stream().filter(TokenEvent.Token.class::isInstance).mapToInt(e -> ((TokenEvent.Token) e).id()).toArray();
    }

    static List<TokenEvent> events(TokenStream stream) throws InterruptedException {
        List<TokenEvent> events = new ArrayList<>();
        for (TokenEvent event = stream.next(); event != null; event = stream.next()) {
            events.add(event);
        }
        return events;
    }
}
