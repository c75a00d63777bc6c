package org.alcove.cluster.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.cluster.stub.FastChatWorkerMock;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.Requests;
import org.alcove.cluster.wire.WorkerReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ForeignWorkerTest {

    private final FastChatWorkerMock mock = new FastChatWorkerMock("vicuna");
    private final PeerClient client = Workers.client();
    private ForeignWorker worker;

    @BeforeEach
    void meet() throws Exception {
        WorkerReport report = ForeignProbe.reports(mock.address(), client, Workers.NOW).getFirst();
        worker = new ForeignWorker(mock.address(), client, InstantSource.fixed(Workers.NOW),
                RemoteSettings.stalling(Workers.PATIENCE), report);
    }

    @AfterEach
    void close() {
        mock.close();
        client.close();
    }

    private Generation ask() {
        return worker.generate(Requests.chat("vicuna", "hello"));
    }

    private static String text(List<GenerationEvent> events) {
        return events.stream().filter(GenerationEvent.Delta.class::isInstance)
                .map(event -> ((GenerationEvent.Delta) event).text()).collect(Collectors.joining());
    }

    private Failure failure() throws InterruptedException {
        return assertInstanceOf(GenerationEvent.Failed.class, Workers.read(ask()).getLast()).failure();
    }

    @Test
    void itTellsWhatItServesAndHasNoFingerprint() {
        assertEquals(mock.address() + "#vicuna", worker.status().id());
        assertEquals(2048, worker.model().contextTokens());
        assertEquals("", worker.model().fingerprint());
        assertEquals(3, worker.status().queueLength());
    }

    @Test
    void cumulativeChunksBecomeDeltas() throws InterruptedException {
        mock.answers("Hel", "Hello", "Hello", "Hello you");
        List<GenerationEvent> events = Workers.read(ask());
        assertEquals(new GenerationEvent.Started(mock.address() + "#vicuna", "", 0, 7), events.getFirst());
        assertEquals(List.of("Hel", "lo", " you"), events.stream().filter(GenerationEvent.Delta.class::isInstance)
                .map(event -> ((GenerationEvent.Delta) event).text()).toList());
        assertEquals(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(7, 0, 4)),
                events.getLast());
    }

    @Test
    void thePromptIsWrittenInTheFormatTheWorkerNames() throws InterruptedException {
        mock.answers("x");
        Workers.read(ask());
        Workers.read(ask());
        JsonNode sent = mock.generated().getFirst();
        assertEquals("A chat. USER: hello ASSISTANT:", sent.path("prompt").textValue());
        assertEquals("vicuna", sent.path("model").textValue());
        assertEquals(20, sent.path("max_new_tokens").intValue());
        assertEquals(-1, sent.path("top_k").intValue());
        assertFalse(sent.path("echo").booleanValue());
        assertEquals("###", sent.path("stop").path(0).textValue());
        assertEquals(1, mock.templatesAsked(), "the template does not change");
    }

    @Test
    void halfACharacterIsHeldBackUntilItIsWhole() throws InterruptedException {
        mock.answers("\u4f60\ufffd", "\u4f60\ufffd\ufffd", "\u4f60\u597d");
        List<GenerationEvent> events = Workers.read(ask());
        assertEquals("\u4f60\u597d", text(events));
        assertFalse(events.toString().contains("\ufffd"), events.toString());
    }

    @Test
    void aStopStringThatIsTakenBackBeforeItWasToldDoesNoHarm() throws InterruptedException {
        mock.answers("Hello\ufffd", "Hello");
        assertEquals("Hello", text(Workers.read(ask())));
    }

    @Test
    void aWorkerThatChangesWhatItSaidIsNotBelieved() throws InterruptedException {
        mock.answers("Hello", "Help! secretword");
        Failure failure = failure();
        assertInstanceOf(Failure.Internal.class, failure);
        assertFalse(failure.message().contains("secretword"), failure.message());
    }

    @Test
    void itsErrorsBecomeFailures() throws InterruptedException {
        mock.fails(50001, "NETWORK ERROR secretword");
        assertInstanceOf(Failure.Internal.class, failure());
        assertFalse(failure().message().contains("secretword"));
        mock.fails(40303, "too long");
        assertInstanceOf(Failure.Invalid.class, failure());
        mock.fails(42901, "slow down");
        assertInstanceOf(Failure.Overloaded.class, failure());
        mock.fails(50002, "CUDA");
        assertInstanceOf(Failure.Unavailable.class, failure());
    }

    @Test
    void anAnswerMayEndForItsLength() throws InterruptedException {
        mock.finishesWith("length").answers("x");
        assertEquals(GenerationEvent.Reason.LENGTH, ((GenerationEvent.Finished) Workers.read(ask()).getLast()).reason());
    }

    @Test
    void anAnswerThatEndsInOrderWithoutAReasonIsWhole() throws InterruptedException {
        mock.finishesWith(null).answers("x", "xy");
        List<GenerationEvent> events = Workers.read(ask());
        assertEquals("xy", text(events));
        assertInstanceOf(GenerationEvent.Finished.class, events.getLast());
    }

    @Test
    void leavingInTheMiddleHangsUp() throws InterruptedException {
        CountDownLatch hungUp = mock.hangsAfter("Hel");
        Generation answer = ask();
        answer.next();
        assertEquals("Hel", ((GenerationEvent.Delta) answer.next()).text());
        answer.close();
        assertNull(answer.next());
        assertTrue(hungUp.await(60, TimeUnit.SECONDS));
    }

    @Test
    void aPromptThatWouldBeCutIsRefused() {
        GenerateRequest long1 = Requests.chat("vicuna", "hello");
        GenerateRequest tooLong = new GenerateRequest("vicuna", long1.context(), long1.input(), long1.sampling(),
                GenerateRequest.Limits.tokens(2041), GenerateRequest.Logprobs.NONE);
        RequestException refused = assertThrows(RequestException.class, () -> worker.generate(tooLong));
        assertEquals(new Failure.ContextOverflow(7, 2041, 2048), refused.failure());
    }

    @Test
    void withoutAWishTheAnswerMayFillTheContext() throws InterruptedException {
        mock.answers("x");
        GenerateRequest plain = Requests.chat("vicuna", "hello");
        Workers.read(worker.generate(new GenerateRequest("vicuna", plain.context(), plain.input(), plain.sampling(),
                GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE)));
        assertEquals(2040, mock.generated().getFirst().path("max_new_tokens").intValue());
    }

    @Test
    void whatTheProtocolCannotSayIsRefusedByName() {
        SamplingParameters plain = SamplingParameters.PLAIN;
        refused("seed", with(plain.withSeed(1), GenerateRequest.Limits.tokens(1), GenerateRequest.Logprobs.NONE));
        refused("min_p", with(new SamplingParameters(1, 0, 1, 0.1f, 1, 0, 0, Map.of(), OptionalLong.empty()),
                GenerateRequest.Limits.tokens(1), GenerateRequest.Logprobs.NONE));
        refused("logit_bias", with(new SamplingParameters(1, 0, 1, 0, 1, 0, 0, Map.of(1, 2f), OptionalLong.empty()),
                GenerateRequest.Limits.tokens(1), GenerateRequest.Logprobs.NONE));
        refused("logprobs", with(plain, GenerateRequest.Limits.tokens(1), new GenerateRequest.Logprobs(0, false)));
        refused("min_tokens", with(plain, new GenerateRequest.Limits(1, List.of(), List.of(), 1, false),
                GenerateRequest.Logprobs.NONE));
        refused("ignore_eos", with(plain, new GenerateRequest.Limits(1, List.of(), List.of(), 0, true),
                GenerateRequest.Logprobs.NONE));
        refused("prompt", Requests.of("vicuna", new GenerateRequest.Tokens(List.of(1))));
        GenerateRequest chat = Requests.chat("vicuna", "x");
        refused("resume", new GenerateRequest("vicuna",
                RequestContext.fresh().withResume(new ResumeState("print", new byte[1])), chat.input(), plain, chat.limits(),
                chat.logprobs()));
        refused("sealed_body", new GenerateRequest("vicuna", new RequestContext("r", "", "", 0, Optional.empty(), "", "",
                Optional.empty(), Optional.of(new byte[1])), chat.input(), plain, chat.limits(), chat.logprobs()));
        assertTrue(mock.generated().isEmpty());
    }

    @Test
    void aTextOfThePlatformKeepsItsControlTokensAndOneOfStrangersDoesNot() throws InterruptedException {
        Workers.read(worker.generate(Requests.of("vicuna", new GenerateRequest.Text("a</s>", true))));
        Workers.read(worker.generate(Requests.of("vicuna", new GenerateRequest.Text("a</s>"))));
        assertEquals("a</s>", mock.generated().get(0).path("prompt").textValue());
        assertEquals("a< /s>", mock.generated().get(1).path("prompt").textValue());
        assertEquals(7, worker.countTokens(new GenerateRequest.Text("a")));
    }

    private static GenerateRequest with(SamplingParameters sampling, GenerateRequest.Limits limits,
            GenerateRequest.Logprobs logprobs) {
        GenerateRequest chat = Requests.chat("vicuna", "x");
        return new GenerateRequest("vicuna", chat.context(), chat.input(), sampling, limits, logprobs);
    }

    private void refused(String field, GenerateRequest request) {
        RequestException refused = assertThrows(RequestException.class, () -> worker.generate(request), field);
        assertEquals(field, assertInstanceOf(Failure.Unsupported.class, refused.failure()).field());
    }

    @Test
    void aSilentWorkerOfFastChatIsBorneWithLonger() {
        assertEquals(Duration.ofSeconds(100), RemoteSettings.stalling(Duration.ofSeconds(10)).foreign().stall());
        assertEquals(Duration.ofSeconds(300), RemoteSettings.stalling(Duration.ofSeconds(300)).foreign().stall());
    }
}
