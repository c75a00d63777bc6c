package org.alcove.evidence;

import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.EventWriter;
import org.alcove.cluster.wire.Json;
import org.alcove.sealing.AnswerSealer;

/**
 * An answer on its way out: every event that says what is written is sealed into the text of a Delta without tokens and without
 * a resume state. Around them stand Started and Finished, for those in between, with names and counts alone. A failure says no
 * word of the text and is told in the open; the client counts an answer without a last sealed chunk as cut off.
 */
final class SealedAnswer implements Generation {

    private final Generation answer;
    private final Vigil vigil;
    private final AnswerSealer sealer;
    private final EventWriter events = new EventWriter();
    private final Queue<GenerationEvent> ready = new ArrayDeque<>();
    private boolean over;

    SealedAnswer(Generation answer, Vigil vigil, AnswerSealer sealer) {
        this.answer = answer;
        this.vigil = vigil;
        this.sealer = sealer;
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        if (!ready.isEmpty()) {
            return ready.poll();
        }
        GenerationEvent event = over ? null : answer.next();
        GenerationEvent shown = event == null ? null : vigil.see(event);
        over |= shown instanceof GenerationEvent.Finished || shown instanceof GenerationEvent.Failed;
        if (over && shown != event) {
            answer.close();
        }
        return told(shown);
    }

    private GenerationEvent told(GenerationEvent event) {
        return switch (event) {
            case null -> null;
            case GenerationEvent.Started started -> {
                ready.add(sealed(started, false));
                yield new GenerationEvent.Started(started.worker(), started.fingerprint(), 0, started.promptTokens());
            }
            case GenerationEvent.PromptScored scored -> sealed(scored, false);
            case GenerationEvent.Delta delta -> sealed(delta, false);
            case GenerationEvent.Finished finished -> {
                ready.add(finished);
                yield sealed(finished, true);
            }
            case GenerationEvent.Failed failed -> failed;
        };
    }

    private GenerationEvent.Delta sealed(GenerationEvent event, boolean last) {
        return new GenerationEvent.Delta(Base64.getEncoder().encodeToString(sealer.seal(Json.bytes(events.json(event)), last)),
                List.of(), Optional.empty());
    }

    @Override
    public int placeInLine() {
        return answer.placeInLine();
    }

    @Override
    public void close() {
        answer.close();
    }
}
