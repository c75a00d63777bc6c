package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Progress progress = new Progress();
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> ids = new ArrayList<>();

    /** What a worker says; ids count up from the first. Returns whether anything of it was told. */
    private boolean says(String said, int first, int tokens, boolean state) {
        List<TokenProbability> list = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            list.add(new TokenProbability(first + i, new byte[0], 0, List.of()));
        }
        GenerationEvent event = new GenerationEvent.Delta(said, list,
                state ? Optional.of(new ResumeState("f", new byte[] {(byte) first})) : Optional.empty());
        assertFalse(progress.strays(event));
        Optional<GenerationEvent> told = progress.take(event);
        told.map(GenerationEvent.Delta.class::cast).ifPresent(delta -> {
            text.append(delta.text());
            delta.tokens().forEach(token -> ids.add(token.id()));
        });
        return told.isPresent();
    }

    @Test
    void whatWasToldAfterTheLastStateIsNotToldAgainHoweverItIsCut() {
        assertTrue(says("ab", 1, 2, true));
        assertTrue(says("cd", 3, 2, false));
        assertTrue(says("e", 5, 1, false));
        progress.restart();
        assertFalse(says("c", 3, 1, true));
        // Lost again before it has said all of it: the state it gave is the one to go on from.
        progress.restart();
        assertFalse(says("d", 4, 1, false));
        progress.restart();
        assertTrue(says("def", 4, 3, true));
        assertTrue(says("g", 7, 1, true));
        assertEquals("abcdefg", text.toString());
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), ids);
        assertEquals("goes on after 7 tokens", progress.deed());
    }

    @Test
    void anotherTextOrAnEndBeforeItsTimeStrays() {
        says("ab", 1, 2, true);
        says("cd", 3, 2, false);
        progress.restart();
        assertTrue(progress.strays(new GenerationEvent.Delta("cx", List.of(), Optional.empty())));
        assertFalse(progress.strays(new GenerationEvent.Delta("cdx", List.of(), Optional.empty())));
        assertTrue(progress.strays(FakeGeneration.finished(4)));
    }

    @Test
    void aPromptIsScoredOnceAndADifferentBeginningIsToldUntilSomethingElseWas() {
        assertTrue(progress.take(FakeGeneration.started()).isPresent());
        assertTrue(progress.take(new GenerationEvent.Started("w2", "other", 1, 7)).isPresent());
        assertTrue(progress.take(new GenerationEvent.PromptScored(List.of())).isPresent());
        progress.restart();
        assertFalse(progress.take(new GenerationEvent.Started("w3", "third", 1, 7)).isPresent());
        assertFalse(progress.take(new GenerationEvent.PromptScored(List.of())).isPresent());
        assertEquals(Optional.of("other"), progress.fingerprint());
    }
}
