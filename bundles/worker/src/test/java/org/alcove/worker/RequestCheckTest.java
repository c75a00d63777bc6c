package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.SequenceRequest;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class RequestCheckTest {

    private final Bench bench = new Bench();

    private static GenerateRequest prompt(int tokens, int maxTokens) {
        return Bench.request(new GenerateRequest.Tokens(List.copyOf(Collections.nCopies(tokens, 97))),
                Limits.tokens(maxTokens));
    }

    @Test
    void aPromptAndAnAnswerThatDoNotFitAreRefusedWithBothNumbers() {
        assertEquals(new Failure.ContextOverflow(60, 41, 100), bench.refusal(Failure.ContextOverflow.class, prompt(60, 41)));
        assertEquals(new Failure.ContextOverflow(100, 1, 100), bench.refusal(Failure.ContextOverflow.class, prompt(100, 0)));
        assertEquals(new Failure.ContextOverflow(1, Integer.MAX_VALUE, 100),
                bench.refusal(Failure.ContextOverflow.class, prompt(1, Integer.MAX_VALUE)));
        bench.model.generate(prompt(60, 40)).close();
    }

    private static GenerateRequest scored(GenerateRequest request) {
        return Bench.with(request, SamplingParameters.GREEDY, new Logprobs(0, true));
    }

    @Test
    void whereNothingIsWrittenAPromptMayFillTheContextAndIsReadOnly() {
        GenerateRequest full = scored(prompt(100, Limits.NOTHING));
        List<GenerationEvent> events = bench.events(full);
        assertEquals(100, assertInstanceOf(GenerationEvent.PromptScored.class, events.get(1)).tokens().size());
        assertEquals(new GenerationEvent.Finished(GenerationEvent.Reason.LENGTH, new GenerationEvent.Usage(100, 3, 0)),
                events.get(2));
        assertEquals(0, bench.engine.submitted.getFirst().maxTokens());
        for (int tokens : new int[] {1, 100}) {
            assertEquals(List.of(new GenerationEvent.Finished(GenerationEvent.Reason.LENGTH,
                    new GenerationEvent.Usage(tokens, Math.min(tokens, 3), 0))),
                    bench.events(prompt(tokens, Limits.NOTHING)).stream().skip(1).toList());
        }
        for (GenerateRequest more : List.of(prompt(100, 1), prompt(100, 2), prompt(100, 0))) {
            bench.refusal(Failure.ContextOverflow.class, more);
            bench.refusal(Failure.ContextOverflow.class, scored(more));
        }
        Failure longer = bench.refusal(Failure.ContextOverflow.class, prompt(101, Limits.NOTHING));
        assertEquals("the prompt has 101 tokens, more than the model's context of 100 tokens; shorten it", longer.message());
    }

    @Test
    void aLeastNumberOfTokensThatTheAnswerCannotHaveIsRefusedWithBothNumbers() {
        record Case(int maxTokens, int minTokens, int most) {
        }
        for (Case it : List.of(new Case(0, 41, 40), new Case(0, Integer.MAX_VALUE, 40), new Case(5, 6, 5),
                new Case(Limits.NOTHING, 1, 0))) {
            Failure.Invalid failure = bench.refusal(Failure.Invalid.class, Bench.request(prompt(60, 0).input(),
                    new Limits(it.maxTokens(), List.of(), List.of(), it.minTokens(), false)));
            assertEquals("min_tokens", failure.field());
            assertEquals("min_tokens is " + it.minTokens() + ", but behind the prompt of 60 tokens the answer can have "
                    + it.most() + " at most, in the model's context of 100; ask for fewer", failure.message());
        }
        bench.model.generate(Bench.request(prompt(60, 0).input(), new Limits(0, List.of(), List.of(), 40, false))).close();
        assertEquals(40, bench.engine.submitted.getLast().minTokens());
    }

    @Test
    void whatTheTokenizerRefusesIsTheRequestsFaultAndNamesItsField() {
        bench.tokenizer.refusal = "the text needs too much stack; send it in smaller parts";
        bench.templates.add("jinja", conversation -> new Prompt(List.of(PromptPiece.content("x")), List.of(), Set.of()),
                new Origin(1, 0, "b"));
        LoadedModel model = bench.model(bench.admission, FakeModelFile.WITH_TEMPLATE);
        assertEquals(new Failure.Invalid("prompt", bench.tokenizer.refusal),
                bench.refusal(Failure.Invalid.class, Bench.request(Limits.tokens(1))));
        GenerateRequest chat = Bench.request(Bench.chat("x"), Limits.tokens(1));
        Failure asked = assertThrows(RequestException.class, () -> model.generate(chat)).failure();
        assertEquals(new Failure.Invalid("messages", bench.tokenizer.refusal), asked);
        assertEquals(asked, assertThrows(RequestException.class, () -> model.count(chat.input())).failure());
        bench.assertNothingLeft();
    }

    @Test
    void anAnswerWithoutALimitMayFillTheContext() {
        bench.model.generate(prompt(60, 0)).close();
        assertEquals(40, bench.engine.submitted.getFirst().maxTokens());
    }

    @Test
    void tokenIdsAreChecked() {
        for (int id : new int[] {-1, 259, Integer.MAX_VALUE}) {
            GenerateRequest request = Bench.request(new GenerateRequest.Tokens(List.of(1, id)), Limits.tokens(1));
            Failure.Invalid failure = bench.refusal(Failure.Invalid.class, request);
            assertEquals("prompt", failure.field());
            assertTrue(failure.message().contains(String.valueOf(id)) && failure.message().contains("258"), failure.message());
            assertEquals("stop_token_ids", bench.refusal(Failure.Invalid.class,
                    Bench.request(new Limits(1, List.of(), List.of(id), 0, false))).field());
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertEquals("prompt", bench.refusal(Failure.Invalid.class,
                Bench.request(new GenerateRequest.Tokens(List.of()), Limits.tokens(1))).field());
        assertEquals("stop", bench.refusal(Failure.Invalid.class, Bench.request(Bench.stops("a", ""))).field());
        assertEquals("max_tokens", bench.refusal(Failure.Invalid.class, Bench.request(Limits.tokens(-2))).field());
        assertEquals("min_tokens", bench.refusal(Failure.Invalid.class,
                Bench.request(new Limits(1, List.of(), List.of(), -1, false))).field());
    }

    @Test
    void whatTheEngineRefusesIsTheRequestsFaultAndLeavesNothingBehind() {
        GenerateRequest request = Bench.with(Bench.request(Limits.tokens(1)),
                SamplingParameters.PLAIN.withSeed(1).withTemperature(-1), Logprobs.NONE);
        assertEquals("the temperature is below 0", bench.refusal(Failure.Invalid.class, request).message());
    }

    @Test
    void whatThisWorkerCannotDoIsRefused() {
        RequestContext adapter = new RequestContext("r", "", "", 0, Optional.empty(), "lora", "", Optional.empty(),
                Optional.empty());
        RequestContext sealed = new RequestContext("r", "", "", 0, Optional.empty(), "", "", Optional.empty(),
                Optional.of(new byte[1]));
        GenerateRequest request = Bench.request(Limits.tokens(1));
        assertEquals("adapter", bench.refusal(Failure.Unsupported.class, Bench.with(request, adapter)).field());
        assertEquals("sealed_body", bench.refusal(Failure.Unsupported.class, Bench.with(request, sealed)).field());
    }

    @Test
    void theEngineIsToldWhatTheRequestAsks() {
        bench.templates.add("jinja", conversation -> new Prompt(List.of(PromptPiece.control("<s>"), PromptPiece.content("x")),
                List.of("<|im_end|>", "Human:"), Set.of(7)), new Origin(1, 0, "b"));
        LoadedModel model = bench.model(bench.admission, FakeModelFile.WITH_TEMPLATE);
        RequestContext urgent = new RequestContext("r", "", "", 9, Optional.empty(), "", "", Optional.empty(), Optional.empty());
        Limits limits = new Limits(5, List.of("stop"), List.of(8), 4, false);
        SamplingParameters sampling = new SamplingParameters(0.5f, 4, 0.9f, 0.1f, 1.1f, 0.2f, 0.3f, Map.of(1, 2f),
                OptionalLong.of(77));
        model.generate(new GenerateRequest("fake", urgent, Bench.chat("x"), sampling, limits, new Logprobs(3, true))).close();
        SequenceRequest sequence = bench.engine.submitted.getFirst();
        assertEquals(sampling, sequence.sampling());
        assertEquals(Set.of(FakeTokenizer.END, FakeTokenizer.TURN, 7, 8), sequence.endIds());
        assertEquals(List.of(5, 4, 3, 9, 3, true), List.of(sequence.maxTokens(), sequence.minTokens(), sequence.logprobs(),
                sequence.priority(), sequence.promptTokens(), sequence.promptLogprobs()));
        Limits ignoring = new Limits(5, List.of("stop"), List.of(8), 0, true);
        model.generate(new GenerateRequest("fake", urgent, Bench.chat("x"), sampling, ignoring, Logprobs.NONE)).close();
        assertEquals(Set.of(8), bench.engine.submitted.getLast().endIds());
    }
}
