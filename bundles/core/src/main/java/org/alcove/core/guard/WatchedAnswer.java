package org.alcove.core.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;

/** An answer under the eyes of guards. A guard that is taken away watches no more, and nothing of it is kept. */
final class WatchedAnswer implements Vigil {

    private final List<Eye> eyes;
    private final Supplier<Duration> bound;
    private int promptTokens;
    private int answerTokens;

    /** A guard and its watch. */
    record Eye(InstalledGuard guard, AnswerWatch watch) {
    }

    /** @param eyes those asked first come first */
    WatchedAnswer(List<Eye> eyes, Supplier<Duration> bound) {
        this.eyes = new ArrayList<>(eyes);
        this.bound = bound;
    }

    @Override
    public GenerationEvent see(GenerationEvent event) {
        return switch (event) {
            case GenerationEvent.Started started -> {
                promptTokens = started.promptTokens();
                yield event;
            }
            case GenerationEvent.Delta delta -> {
                answerTokens += delta.tokens().size();
                yield delta.text().isEmpty() ? event : look(delta);
            }
            default -> event;
        };
    }

    private GenerationEvent look(GenerationEvent.Delta delta) {
        Iterator<Eye> all = eyes.iterator();
        while (all.hasNext()) {
            Eye eye = all.next();
            if (eye.guard().gone()) {
                all.remove();
                continue;
            }
            try {
                if (!eye.guard().passes(eye.watch(), delta.text(), bound.get())) {
                    return new GenerationEvent.Finished(GenerationEvent.Reason.CONTENT_FILTER,
                            new GenerationEvent.Usage(promptTokens, 0, answerTokens));
                }
            } catch (RequestException e) {
                // One whose bundle was stopped under it has not failed.
                if (!eye.guard().gone()) {
                    return new GenerationEvent.Failed(e.failure());
                }
                all.remove();
            }
        }
        return delta;
    }
}
