package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.alcove.accounts.KeyTerms;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.web.stopping.FrontDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadOnDemandTest {

    private static final String PATH = "/v1/completions";

    private final FakeModels models = new FakeModels();
    private final TestServer server = new TestServer(TestServer.PLAIN, new LoadableModels(models));

    /** A model called sleepy that goes through states, one at each look; nothing waits. */
    private static final class FakeModels implements Models {

        private final Deque<State> states = new ArrayDeque<>(List.of(State.UNLOADED));
        private Duration patience = Duration.ofHours(1);
        private Optional<Failure> refusal = Optional.empty();
        private Optional<SamplingDefaults> sampling = Optional.empty();
        private int demands;
        private final CountDownLatch waiting = new CountDownLatch(1);
        private CountDownLatch mayGoOn = new CountDownLatch(0);

        private Model model() {
            return new Model("sleepy", states.getFirst(), "", Keeping.USUAL, Optional.empty(), 0, Optional.empty(),
                    Optional.empty(), sampling);
        }

        private Model next() {
            if (states.size() > 1) {
                states.removeFirst();
            }
            return model();
        }

        @Override
        public List<Model> all() {
            return List.of(model());
        }

        @Override
        public Optional<Model> named(String name) {
            return name.equals("sleepy") ? Optional.of(model()) : Optional.empty();
        }

        @Override
        public Budget budget() {
            return new Budget(1, 0);
        }

        @Override
        public Model demand(String name) {
            demands++;
            refusal.ifPresent(why -> {
                throw new RequestException(why);
            });
            return next();
        }

        @Override
        public Model load(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Model unload(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Model keep(String name, Keeping keeping) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration patience() {
            return patience;
        }

        @Override
        public Model await(Model seen, Duration atMost) throws InterruptedException {
            waiting.countDown();
            mayGoOn.await();
            return next();
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String more) {
        return server.post(PATH, "{\"model\":\"sleepy\",\"prompt\":\"Hi\"" + more + "}");
    }

    @Test
    void aRequestWaitsUntilItsModelIsLoaded() {
        models.states.addAll(List.of(Models.State.LOADING, Models.State.LOADING, Models.State.READY));
        assertEquals(200, ask("").statusCode());
        assertEquals(1, models.demands);
        assertEquals("sleepy", server.controller.asked.getFirst().model());
    }

    @Test
    void aModelThatIsJustGoingIsAskedForAgainWhenItHasGone() {
        models.states.clear();
        models.states.addAll(List.of(Models.State.UNLOADING, Models.State.UNLOADED, Models.State.LOADING, Models.State.READY));
        assertTrue(ask(",\"stream\":true").body().endsWith("data: [DONE]\n\n"));
        assertEquals(1, models.demands);
    }

    @Test
    void whoWaitsTooLongGets503AndIsToldWhenToComeAgain() {
        models.patience = Duration.ZERO;
        models.states.addAll(List.of(Models.State.LOADING));
        for (String more : new String[] {"", ",\"stream\":true"}) {
            HttpResponse<String> response = ask(more);
            assertEquals(503, response.statusCode());
            assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
            assertTrue(response.body().contains("ask again in 5 s") && response.body().contains("\"code\":\"unavailable\""),
                    response.body());
        }
        assertTrue(server.controller.asked.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void whoWaitsWhenTheProcessStopsIsSentAwayAndWaitedFor(String more) throws Exception {
        models.states.add(Models.State.LOADING);
        models.mayGoOn = new CountDownLatch(1);
        CompletableFuture<HttpResponse<String>> asked = CompletableFuture.supplyAsync(() -> ask(more));
        models.waiting.await();
        Thread stopping = Thread.ofPlatform().start(() -> {
            try {
                server.servlet.drain(FrontDoor.PROCESS_STOPS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until(() -> !stopping.isAlive() || stopping.getState() == Thread.State.TIMED_WAITING);
        assertTrue(stopping.isAlive(), "it does not wait for who waits");
        models.mayGoOn.countDown();
        assertEquals(503, asked.get().statusCode());
        assertTrue(asked.get().body().contains(FrontDoor.PROCESS_STOPS), asked.get().body());
        stopping.join();
        assertTrue(server.controller.asked.isEmpty());
    }

    @Test
    void aRefusalForWantOfRoomIsTold() {
        models.refusal = Optional.of(new Failure.Unavailable(Duration.ofSeconds(9), "it needs 3 MB, and 1 MB can be had"));
        HttpResponse<String> response = ask("");
        assertEquals(503, response.statusCode());
        assertEquals("9", response.headers().firstValue("Retry-After").orElse(""));
        assertTrue(response.body().contains("it needs 3 MB, and 1 MB can be had"), response.body());
    }

    @Test
    void aKeyWithoutTokensLeftLoadsNothingAndIsToldSo() {
        server.keys.issue("poor", "ann", new KeyTerms(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(),
                OptionalInt.of(5), Optional.empty()));
        // The prompt and the answer of one request are more than all of its tokens.
        assertEquals(200, ask("poor", "tiny", "").statusCode());
        for (String more : new String[] {"", ",\"stream\":true"}) {
            HttpResponse<String> response = ask("poor", "sleepy", more);
            assertEquals(429, response.statusCode());
            assertEquals("0", response.headers().firstValue("x-ratelimit-remaining-tokens").orElse(""));
            assertTrue(response.headers().firstValue("Retry-After").isPresent()
                    && response.body().contains("\"code\":\"rate_limit_exceeded\""), response.body());
        }
        assertEquals(0, models.demands);
        assertEquals(1, server.controller.asked.size());
    }

    private HttpResponse<String> ask(String key, String model, String more) {
        return server.send(server.request(PATH).header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"" + model + "\",\"prompt\":\"Hi\"" + more + "}"))
                .build());
    }

    @Test
    void whatCannotBeLoadedIsLeftToTheControllerWhichTellsWhy() {
        models.states.addFirst(Models.State.FAILED);
        ask("");
        assertEquals(0, models.demands);
        assertEquals(1, server.controller.asked.size());
    }

    /** Its worker is so new that nobody has seen its card. */
    @Test
    void theFirstRequestIsAnsweredAsTheFileOfTheModelRecommends() {
        models.sampling = Optional.of(FakeController.OPINIONATED.sampling());
        models.states.addAll(List.of(Models.State.LOADING, Models.State.READY));
        assertEquals(200, ask("").statusCode());
        assertEquals(0.25f, server.controller.asked.getFirst().sampling().temperature());
        assertEquals(20, server.controller.asked.getFirst().sampling().topK());
    }

    @Test
    void aModelThatIsNotLoadedTellsHowItsTokensWillBeChosen() {
        models.sampling = Optional.of(FakeController.OPINIONATED.sampling());
        String model = server.get("/v1/models/sleepy").body();
        assertTrue(model.contains("\"default_sampling\":{\"temperature\":0.25,\"top_p\":0.75,\"top_k\":20,"), model);
    }

    @Test
    void modelsThatCanBeLoadedAreListedWithTheirState() {
        String list = server.get("/v1/models").body();
        assertTrue(list.contains("{\"id\":\"sleepy\",\"object\":\"model\",\"created\":0,\"owned_by\":\"alcove\","
                + "\"state\":\"unloaded\"}"), list);
        assertEquals(200, server.get("/v1/models/sleepy").statusCode());
    }
}
