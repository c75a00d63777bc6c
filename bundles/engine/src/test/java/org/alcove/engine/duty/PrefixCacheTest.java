package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Token;
import org.alcove.engine.TokenStream;
import org.alcove.engine.forward.TinyModels;
import org.junit.jupiter.api.Test;

/** What sequences leave in the KV cache spares later ones of the same owner the work, and changes no token of anybody. */
class PrefixCacheTest {

    private static final String OWNER = "owner";
    /** Nothing goes for want of room. */
    private static final EngineSettings ROOMY = Engines.SETTINGS.withKvTokens(64 * 64);

    private static int[] prompt(int length, long seed) {
        return new Random(seed).ints(length, 0, TinyModels.VOCABULARY).toArray();
    }

    private static SequenceRequest request(int[] prompt, String owner) {
        return new SequenceRequest(prompt, prompt.length, Engines.sampling(prompt.length), 20, 0, Set.of(), -1, false, 0, owner);
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** Reads an answer, which must be the one that the request has alone, and returns how much of the prompt was found. */
    private static int found(Engine engine, SequenceRequest request) throws InterruptedException {
        return found(engine.submit(request), request);
    }

    private static int found(TokenStream stream, SequenceRequest request) throws InterruptedException {
        List<TokenEvent> events = Answers.events(stream);
        assertArrayEquals(Engines.alone(request), events.stream().filter(Token.class::isInstance)
                .mapToInt(event -> ((Token) event).id()).toArray());
        return stream.cachedTokens();
    }

    @Test
    void theNextTurnOfAConversationComputesOnlyWhatIsNew() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY)) {
            SequenceRequest first = request(prompt(150, 1), OWNER);
            assertEquals(0, found(engine, first));
            int[] turn = joined(first.tokens(), Engines.alone(first), prompt(30, 2));
            Await.until("it is settled", () -> engine.status().running() == 0);
            long before = engine.status().promptTokens();
            // 150 of the prompt and 19 of the answer were computed: two blocks of 64.
            assertEquals(128, found(engine, request(turn, OWNER)));
            Await.until("it is settled", () -> engine.status().running() == 0);
            assertEquals(200 - 128, engine.status().promptTokens() - before);
            int[] third = joined(turn, Engines.alone(request(turn, OWNER)), prompt(50, 3));
            assertEquals(192, found(engine, request(third, OWNER)));
        }
    }

    @Test
    void theLastTokenOfAPromptIsComputedAlways() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY)) {
            int[] whole = prompt(129, 1);
            assertEquals(0, found(engine, request(whole, OWNER)));
            assertEquals(64, found(engine, request(Arrays.copyOf(whole, 128), OWNER)));
            assertEquals(128, found(engine, request(whole, OWNER)));
        }
    }

    @Test
    void whatDiffersInOneTokenIsComputed() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY)) {
            int[] one = prompt(200, 1);
            found(engine, request(one, OWNER));
            for (int place : new int[] {0, 63, 64, 127, 191}) {
                int[] other = one.clone();
                other[place] = (other[place] + 1) % TinyModels.VOCABULARY;
                assertEquals(place / 64 * 64, found(engine, request(other, OWNER)));
            }
            // The same block behind another one is another block.
            assertEquals(0, found(engine, request(joined(prompt(64, 9), one), OWNER)));
        }
    }

    @Test
    void nobodyFindsWhatOthersLeft() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY)) {
            int[] prompt = prompt(200, 1);
            assertEquals(0, found(engine, request(prompt, OWNER)));
            assertEquals(0, found(engine, request(prompt, "another")));
            assertEquals(0, found(engine, request(prompt, "")));
            assertEquals(192, found(engine, request(prompt, "another")));
        }
    }

    @Test
    void aScoredPromptIsComputedWholeAndLeavesItsBlocks() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY)) {
            int[] prompt = prompt(200, 1);
            SequenceRequest scored = new SequenceRequest(prompt, 200, Engines.sampling(1), 5, 0, Set.of(), 0, true, 0, OWNER);
            for (int i = 0; i < 2; i++) {
                TokenStream stream = engine.submit(scored);
                List<TokenEvent> events = Answers.events(stream);
                assertTrue(events.stream().anyMatch(TokenEvent.PromptScored.class::isInstance));
                assertEquals(0, stream.cachedTokens());
            }
            assertEquals(192, found(engine, request(prompt, OWNER)));
        }
    }

    @Test
    void whereItIsSwitchedOffNothingIsFound() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), ROOMY.withPrefixCache(false))) {
            int[] prompt = prompt(200, 1);
            assertEquals(0, found(engine, request(prompt, OWNER)));
            assertEquals(0, found(engine, request(prompt, OWNER)));
        }
    }

    @Test
    void blocksOfAllCountAsFreeAndTheLongestUnusedGoFirst() throws Exception {
        // Eight blocks; a sequence of 150 and 20 tokens has three, two of them full.
        EngineSettings small = Engines.SETTINGS.withKvTokens(8 * 64);
        try (Engine engine = Engines.open(Engines.tiny(), small)) {
            List<SequenceRequest> requests = IntStream.range(0, 3).mapToObj(i -> request(prompt(150, i), OWNER)).toList();
            for (SequenceRequest request : requests) {
                assertEquals(0, found(engine, request));
                Await.until("all blocks are free", () -> engine.status().kvBlocksUsed() == 0);
            }
            assertEquals(128, found(engine, requests.getFirst()));
            // Takes four of eight blocks, two of which hold nothing; so those of the second sequence go, the last of them first.
            assertEquals(0, found(engine, request(prompt(230, 7), OWNER)));
            assertEquals(128, found(engine, requests.getFirst()));
            assertEquals(128, found(engine, requests.get(2)));
            assertEquals(0, found(engine, requests.get(1)));
        }
    }

    @Test
    void sequencesThatBeginAlikeAndRunTogetherGiveWhatEachGivesAlone() throws Exception {
        // Room for about three of sixteen: blocks are shared, swapped for their equals, taken away and found again.
        EngineSettings tight = Engines.SETTINGS.withKvTokens(12 * 64);
        int[] common = prompt(170, 1);
        for (int round = 0; round < 3; round++) {
            try (Engine engine = Engines.openWithRandomChunks(Engines.tiny(), tight, round)) {
                List<SequenceRequest> requests = new ArrayList<>();
                List<TokenStream> streams = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    int[] own = i % 4 == 0 ? prompt(200, i) : joined(common, prompt(40 * (i % 3), i));
                    requests.add(request(own, i % 5 == 0 ? "another" : OWNER));
                    streams.add(engine.submit(requests.get(i)));
                }
                int found = 0;
                for (int i = 0; i < 16; i++) {
                    found += found(streams.get(i), requests.get(i));
                }
                assertTrue(found > 0, "some were let in after others had left something");
                Await.until("all blocks are free", () -> engine.status().kvBlocksUsed() == 0 && engine.status().running() == 0);
            }
        }
    }
}
