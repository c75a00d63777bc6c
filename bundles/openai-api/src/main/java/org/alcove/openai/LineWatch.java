package org.alcove.openai;

import java.io.IOException;
import java.time.Duration;
import org.alcove.api.worker.GenerationEvent;

/** Tells a client its place in line while nothing is written for it, whenever that changes. */
final class LineWatch {

    private static final Duration LOOK = Duration.ofMillis(500);

    private final ParallelChoices choices;
    private boolean answered;
    private int told;

    LineWatch(ParallelChoices choices) {
        this.choices = choices;
    }

    /** How long to wait for an event before the place is looked at again. */
    Duration within(Duration wait) {
        return answered || wait.compareTo(LOOK) < 0 ? wait : LOOK;
    }

    /** After each event, and after each wait for one: null. */
    void look(EventStream stream, ParallelChoices.Event event) throws IOException {
        answered |= event != null && event.event() != null && !(event.event() instanceof GenerationEvent.Started);
        int place = answered ? told : choices.placeInLine();
        if (place != told) {
            told = place;
            stream.queued(place);
        }
    }
}
