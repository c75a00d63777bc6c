package org.alcove.evaluation.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScorerTest {

    private static final LetterTokenizer LETTERS = new LetterTokenizer();

    private static Item item(int right, String context, String join, String... answers) {
        return new Item("here", Stream.of(answers).map(answer -> Continuation.of(context, join, answer)).toList(), right);
    }

    private static Outcome outcome(KnownEngine engine, Task.Kind kind, Item... items) throws IOException {
        Outcome outcome = new Outcome(new Task("task", "", kind, List.of(items)));
        new Scorer(engine, LETTERS).score(List.of(items), outcome::add);
        return outcome;
    }

    @Test
    void lettersAfterTheSameContextAreScoredByOneSequence() throws Exception {
        KnownEngine engine = new KnownEngine(64, "x:B", "y:A");
        List<List<Score>> seen = new ArrayList<>();
        Item known = item(1, "x:", "", "A", "B", "C", "D");
        new Scorer(engine, LETTERS).score(List.of(known), (item, scores, cut) -> seen.add(scores));
        assertEquals(List.of("x:A"), engine.asked);
        assertEquals(KnownEngine.OTHER, seen.getFirst().get(0).logprob(), 1e-4);
        assertEquals(KnownEngine.KNOWN, seen.getFirst().get(1).logprob(), 1e-4);
        assertTrue(seen.getFirst().get(1).greedy());
        assertFalse(seen.getFirst().get(2).greedy());
        Outcome outcome = outcome(engine, Task.Kind.LETTERS, known, item(3, "y:", "", "A", "B", "C", "D"));
        assertEquals(0.5, outcome.accuracy());
        assertEquals(0.5, outcome.error(), 1e-9);
    }

    @Test
    void aLongAnswerThatIsLikelyForItsLengthCountsByLengthOnly() throws Exception {
        // One token is unknown in each: the short one is likelier, the long one is likelier for each of its bytes.
        KnownEngine engine = new KnownEngine(64, "c longe");
        Outcome outcome = outcome(engine, Task.Kind.CONTINUATION, item(0, "c", " ", "longer", "x"));
        assertEquals(0, outcome.accuracy());
        assertEquals(1, outcome.accuracyByLength());
    }

    @Test
    void aLastWordIsRightIfEachOfItsTokensIsTheLikeliest() throws Exception {
        KnownEngine engine = new KnownEngine(64, "the cat", "the dog");
        Outcome right = outcome(engine, Task.Kind.LAST_WORD, item(0, "the", " ", "cat"));
        assertEquals(1, right.accuracy());
        assertEquals(Math.exp(-4 * KnownEngine.KNOWN), right.perplexity(), 1e-4);
        Outcome both = outcome(engine, Task.Kind.LAST_WORD, item(0, "the", " ", "cat"), item(0, "the", " ", "cut"));
        assertEquals(0.5, both.accuracy());
        assertEquals(Math.exp(-(4 * KnownEngine.KNOWN + KnownEngine.OTHER * 2 + KnownEngine.KNOWN * 2) / 2), both.perplexity(),
                both.perplexity() * 1e-4);
    }

    @Test
    void theSameContinuationIsScoredAfterDifferentContexts() throws Exception {
        KnownEngine engine = new KnownEngine(64, "Ann ran.");
        Item item = new Item("here", List.of(Continuation.of("Bob", " ", "ran."), Continuation.of("Ann", " ", "ran.")), 1);
        assertEquals(1, outcome(engine, Task.Kind.CONTEXT, item).accuracy());
    }

    @Test
    void spaceAtTheEndOfAContextIsScoredWithTheContinuation() {
        Encoded encoded = Encoded.of(LETTERS, new Continuation("c  ", "d", 1), 64);
        assertEquals(2, encoded.firstScored());
        assertArrayEquals(new int[] {0, 'c', ' ', ' ', 'd'}, encoded.tokens());
    }

    @Test
    void aTokenThatSpansTheSeamIsScored() {
        Encoded encoded = Encoded.of(LETTERS, new Continuation("xa", "b", 1), 64);
        assertArrayEquals(new int[] {0, 'x', LetterTokenizer.AB}, encoded.tokens());
        assertEquals(2, encoded.firstScored());
    }

    @Test
    void whatIsLongerThanTheContextLosesItsBeginningAndIsCounted() throws Exception {
        Encoded encoded = Encoded.of(LETTERS, new Continuation("12345", "67", 2), 4);
        assertArrayEquals(new int[] {'4', '5', '6', '7'}, encoded.tokens());
        assertEquals(2, encoded.firstScored());
        Outcome outcome = outcome(new KnownEngine(4), Task.Kind.LAST_WORD, item(0, "12345", "", "67"), item(0, "1", "", "2"));
        assertEquals(1, outcome.cut());
        assertEquals(2, outcome.items());
    }

    @Test
    void anAnswerThatHasNoRoomInTheContextIsRefusedWithBothNumbers() {
        IOException thrown = assertThrows(IOException.class,
                () -> outcome(new KnownEngine(4), Task.Kind.LAST_WORD, item(0, "1", "", "2345")));
        assertTrue(thrown.getMessage().contains("here: 4 tokens") && thrown.getMessage().contains("room for 3"),
                thrown.getMessage());
    }

    @Test
    void manySequencesAreUnderWayButNotAll() throws Exception {
        KnownEngine engine = new KnownEngine(64);
        Item item = item(0, "c", " ", "one", "two");
        assertEquals(100, outcome(engine, Task.Kind.CONTINUATION, Collections.nCopies(100, item).toArray(Item[]::new)).items());
        assertEquals(200, engine.asked.size());
        assertEquals(Scorer.AHEAD, engine.mostRunning);
        assertEquals(0, engine.running);
    }
}
