package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class ResumeTest {

    private final Bench bench = new Bench();

    private static GenerateRequest resumed(GenerateRequest request, ResumeState state) {
        return Bench.with(request, RequestContext.named("r").withResume(state));
    }

    private static ResumeState state(GenerationEvent event) {
        return ((GenerationEvent.Delta) event).resume().orElseThrow();
    }

    /** Cuts an answer after each of its events that can be resumed, goes on elsewhere, and compares the whole. */
    private void assertResumable(GenerateRequest request) {
        List<GenerationEvent> whole = bench.events(request);
        for (int cut = 1; cut < whole.size(); cut++) {
            if (whole.get(cut) instanceof GenerationEvent.Delta delta && delta.resume().isPresent()) {
                Bench other = new Bench();
                other.engine.writer = bench.engine.writer;
                List<GenerationEvent> rest = other.events(resumed(request, delta.resume().get()));
                assertEquals(Bench.text(whole), Bench.text(whole.subList(0, cut + 1)) + Bench.text(rest), "cut after " + cut);
                assertEquals(Bench.finished(whole).reason(), Bench.finished(rest).reason(), "cut after " + cut);
                assertEquals(Bench.finished(whole).usage().completionTokens(), Bench.finished(rest).usage().completionTokens());
                assertEquals(((GenerationEvent.Started) whole.getFirst()).seed(),
                        ((GenerationEvent.Started) rest.getFirst()).seed());
                other.assertNothingLeft();
            }
        }
    }

    @Test
    void anAnswerGoesOnElsewhereWithTheSameText() {
        bench.engine.write("Grüße 😀, one\nUse two\nUser: three");
        assertResumable(Bench.request(Limits.tokens(0)));
        assertResumable(Bench.request(Limits.tokens(9)));
        assertResumable(Bench.request(Bench.stops("\nUser:")));
        // As many tokens as the text and its end token: cut after the last one, the reason is still that the model ended.
        bench.engine.write("abc");
        assertResumable(Bench.request(Limits.tokens(4)));
        bench.engine.write("Grüße 😀, one\nUse two\nUser: three");
        assertResumable(Bench.request(new Limits(0, List.of("zz"), List.of((int) 'w'), 0, false)));
    }

    @Test
    void whatWasWrittenElsewhereCountsForTheTokensBeforeWhichNoStopCounts() {
        bench.engine.write("a,b,c,d,e");
        assertResumable(Bench.request(new Limits(0, List.of(","), List.of(), 5, false)));
        assertResumable(Bench.request(new Limits(0, List.of("c,d"), List.of(), 6, false)));
    }

    @Test
    void anUnseededAnswerGoesOnWithTheSeedItWasGiven() {
        bench.engine.writer = (request, position) ->
                'a' + new SplittableRandom(request.sampling().seed().orElseThrow() + position).nextInt(26);
        GenerateRequest request = Bench.with(Bench.request(Limits.tokens(20)), SamplingParameters.PLAIN, Logprobs.NONE);
        assertResumable(request);
    }

    @Test
    void aTemplateThatPrintsTheTimePrintsTheSameOneAgain() {
        bench.templates.add("jinja", conversation -> new Prompt(
                List.of(PromptPiece.control(String.valueOf(conversation.now()))), List.of(), Set.of()),
                new Origin(1, 0, "b"));
        LoadedModel model = bench.model(bench.admission, FakeModelFile.WITH_TEMPLATE);
        GenerateRequest request = Bench.request(Bench.chat("x"), Limits.tokens(4));
        List<GenerationEvent> whole = Bench.rest(model.generate(request));
        bench.now = Bench.NOW.plusSeconds(86_400);
        List<GenerationEvent> rest = Bench.rest(model.generate(resumed(request, state(whole.get(2)))));
        assertEquals(Bench.text(whole), Bench.text(whole.subList(0, 3)) + Bench.text(rest));
    }

    @Test
    void unequalWeightsRefuseToGoOn() {
        GenerateRequest request = Bench.request(Limits.tokens(3));
        ResumeState state = state(bench.events(request).get(1));
        bench.engine.fingerprint = "print-2";
        Failure.Unsupported failure = bench.refusal(Failure.Unsupported.class, resumed(request, state));
        assertEquals("resume", failure.field());
        assertTrue(failure.message().contains("print-1") && failure.message().contains("print-2"), failure.message());
    }

    @Test
    void anotherPromptRefusesToGoOn() {
        ResumeState state = state(bench.events(Bench.request(Limits.tokens(3))).get(1));
        GenerateRequest other = Bench.request(new GenerateRequest.Text("ho"), Limits.tokens(3));
        assertEquals("resume", bench.refusal(Failure.Unsupported.class, resumed(other, state)).field());
    }

    @Test
    void aDamagedStateIsRefusedWhateverItsBytes() {
        GenerateRequest request = Bench.request(Limits.tokens(3));
        byte[] good = state(bench.events(request).get(2)).state();
        List<byte[]> bad = new ArrayList<>();
        for (int length = 0; length < 21; length++) {
            bad.add(Arrays.copyOf(good, length));
        }
        bad.add(Arrays.copyOf(good, good.length - 1));
        byte[] version = good.clone();
        version[0] = 9;
        bad.add(version);
        byte[] token = good.clone();
        token[good.length - 3] = 1;
        bad.add(token);
        for (byte[] bytes : bad) {
            assertEquals("resume",
                    bench.refusal(Failure.Invalid.class, resumed(request, new ResumeState("print-1", bytes))).field());
        }
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            assertThrows(RequestException.class,
                    () -> bench.model.generate(resumed(request, new ResumeState("print-1", noise))));
        }
        bench.assertNothingLeft();
    }
}
