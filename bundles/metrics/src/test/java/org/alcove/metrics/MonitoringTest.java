package org.alcove.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The three pages over real HTTP. */
class MonitoringTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_750_000_000);

    private Server server;

    /** A worker as it stands. */
    private record Standing(String id, List<String> models, State state, String reason, Load load) implements WorkerStatus {
        @Override
        public double speed() {
            return 12.5;
        }

        @Override
        public int queueLength() {
            return 4;
        }

        @Override
        public boolean heartbeat() {
            return true;
        }

        @Override
        public Instant lastBeat() {
            return NOW.minusMillis(1500);
        }
    }

    /** A controller that only tells. */
    private record Telling(String policy, List<WorkerStatus> workers) implements Controller {
        @Override
        public Generation generate(GenerateRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ModelCard> models() {
            return List.of();
        }

        @Override
        public List<Dispatch> dispatches() {
            return List.of();
        }
    }

    private static final WorkerStatus READY = new Standing("local-1", List.of("tiny"), WorkerStatus.State.READY, "",
            new WorkerStatus.Load(2, 3, 8, 6, 100, 50, 1));
    private static final WorkerStatus LOADING = new Standing("local-1", List.of("tiny"), WorkerStatus.State.STARTING,
            "reading \"tiny\"", WorkerStatus.Load.NONE);

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    private HttpResponse<String> get(HttpServlet servlet, String accept) throws Exception {
        return send("GET", servlet, accept);
    }

    private HttpResponse<String> send(String method, HttpServlet servlet, String accept) throws Exception {
        stop();
        server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(servlet), "/page");
        server.setHandler(context);
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/page"))
                    .header("Accept", accept).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> ready(Controller controller) throws Exception {
        return get(new ReadyServlet(controller, null, () -> false), "*/*");
    }

    @Test
    void aLivingProcessSaysSo() throws Exception {
        HttpResponse<String> response = get(new HealthServlet(), "*/*");
        assertEquals(200, response.statusCode());
        assertEquals("{\"status\":\"alive\"}\n", response.body());
        assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
    }

    @Test
    void thePagesAreReadAlone() throws Exception {
        for (HttpServlet page : List.of(new HealthServlet(), new ReadyServlet(null, null, () -> false),
                new MetricsServlet(null, null, InstantSource.fixed(NOW)))) {
            HttpResponse<String> refusal = send("PUT", page, "*/*");
            assertEquals(405, refusal.statusCode());
            assertEquals("GET, HEAD", refusal.headers().firstValue("Allow").orElse("nothing"));
        }
    }

    @Test
    void aProcessThatStopsIsNotReadyWhateverItHas() throws Exception {
        HttpResponse<String> response = get(new ReadyServlet(new Telling("lottery", List.of(READY)), null, () -> true), "*/*");
        assertEquals(503, response.statusCode());
        assertEquals("{\"status\":\"unready\",\"reason\":\"this process is stopping\"}\n", response.body());
    }

    @Test
    void aReadyWorkerAndAPolicyMakeTheServerReady() throws Exception {
        HttpResponse<String> response =
                ready(new Telling("lottery; for x: gone (no policy of that name)", List.of(LOADING, READY)));
        assertEquals(200, response.statusCode());
        assertEquals("{\"status\":\"ready\"}\n", response.body());
    }

    @Test
    void whereAFrontEndIsAwayItsPathsSaySoInItsOwnWords() throws Exception {
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> response = send(method, new AbsentFront.OpenAi(), "*/*");
            assertEquals(503, response.statusCode());
            assertEquals("2", response.headers().firstValue("Retry-After").orElseThrow());
            assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
            assertTrue(response.body().matches("\\{\"error\":\\{\"message\":\"[^\"]*openai-api.jar[^\"]*\",\"type\":"
                    + "\"server_error\",\"param\":null,\"code\":\"unavailable\"}}\n"), response.body());
        }
    }

    @Test
    void whatIsMissingIsTold() throws Exception {
        Map<Controller, String> unready = Map.of(
                new Telling("lottery", List.of()), "there is no worker: no model is loaded or being loaded",
                new Telling("lottery", List.of(LOADING)), "no worker is ready: local-1 is starting (reading \\\"tiny\\\")",
                new Telling("lottery (none of that name; installed: random); for m: random", List.of(READY)),
                "no scheduling policy: lottery (none of that name; installed: random)");
        for (Map.Entry<Controller, String> it : unready.entrySet()) {
            HttpResponse<String> response = ready(it.getKey());
            assertEquals(503, response.statusCode());
            assertEquals("{\"status\":\"unready\",\"reason\":\"" + it.getValue() + "\"}\n", response.body());
        }
        HttpResponse<String> response = ready(null);
        assertEquals(503, response.statusCode());
        assertTrue(response.body().contains("org.alcove.core"), response.body());
    }

    private String reason(List<WorkerStatus> workers, Failure refusal) throws Exception {
        WorkerChooser elsewhere = (request, excluded, fingerprint) -> {
            throw new RequestException(refusal);
        };
        HttpResponse<String> response = get(new ReadyServlet(new Telling("lottery", workers), elsewhere, () -> false), "*/*");
        assertEquals(503, response.statusCode());
        return response.body().replaceAll(".*\"reason\":\"(.*)\"}\n", "$1");
    }

    @Test
    void whereWorkersAreChosenElsewhereItIsToldWhyThereIsNone() throws Exception {
        Failure away = new Failure.Unavailable(Duration.ofSeconds(1), "the controller cannot be asked: refused");
        assertEquals("the controller cannot be asked: refused", reason(List.of(), away));
        assertEquals("the workers of the controller are not known here yet",
                reason(List.of(), new Failure.UnknownModel("", "not served here")));
        assertTrue(reason(List.of(LOADING), away).startsWith("no worker is ready: local-1 is starting"));
    }

    private static RequestObserver.Record record(String model, Outcome outcome) {
        return new RequestObserver.Record("id", "tenant-secret", model, "local-1", NOW, Optional.of(Duration.ofMillis(200)),
                Duration.ofMillis(1200), 30, 11, outcome);
    }

    private static void assertHas(String page, String line) throws IOException {
        assertTrue(page.lines().anyMatch(line::equals), line + " is not in\n" + page);
    }

    @Test
    void workersAreShownAsTheyStand() throws Exception {
        Controller controller = new Telling("lottery", List.of(READY));
        String page = get(new MetricsServlet(controller, null, InstantSource.fixed(NOW)), "*/*").body();
        String labels = "{model_name=\"tiny\",worker=\"local-1\"} ";
        assertHas(page, "alcove:num_requests_running" + labels + "2.0");
        assertHas(page, "alcove:num_requests_waiting" + labels + "3.0");
        assertHas(page, "alcove:kv_cache_usage_perc" + labels + "0.75");
        assertHas(page, "alcove:prompt_tokens_total" + labels + "100.0");
        assertHas(page, "alcove:generation_tokens_total" + labels + "50.0");
        assertHas(page, "alcove:num_preemptions_total" + labels + "1.0");
        assertHas(page, "alcove:worker_queue_length" + labels + "4.0");
        assertHas(page, "alcove:worker_speed_tokens_per_second" + labels + "12.5");
        assertHas(page, "alcove:worker_last_beat_age_seconds" + labels + "1.5");
        assertHas(page, "alcove:worker_state{model_name=\"tiny\",state=\"ready\",worker=\"local-1\"} 1.0");
        assertHas(page, "alcove:worker_state{model_name=\"tiny\",state=\"gone\",worker=\"local-1\"} 0.0");
        assertHas(page, "# TYPE alcove:prompt_tokens_total counter");
    }

    @Test
    void requestsAreCountedAndTimed() throws Exception {
        MetricsServlet servlet = new MetricsServlet(new Telling("lottery", List.of(READY)), null, InstantSource.fixed(NOW));
        servlet.ended(record("tiny", new Outcome.Done(GenerationEvent.Reason.STOP)));
        servlet.ended(record("tiny", new Outcome.Done(GenerationEvent.Reason.LENGTH)));
        servlet.ended(record("tiny", new Outcome.Cancelled()));
        servlet.ended(record("tiny", new Outcome.Broken(new Failure.ContextOverflow(5, 6, 7))));
        HttpResponse<String> response = get(servlet, "text/plain");
        assertEquals("text/plain; version=0.0.4; charset=utf-8", response.headers().firstValue("content-type").orElse(""));
        String page = response.body();
        assertHas(page, "alcove:request_success_total{finished_reason=\"stop\",model_name=\"tiny\"} 1.0");
        assertHas(page, "alcove:request_success_total{finished_reason=\"length\",model_name=\"tiny\"} 1.0");
        assertHas(page, "alcove:request_success_total{finished_reason=\"abort\",model_name=\"tiny\"} 1.0");
        assertHas(page, "alcove:request_failure_total{kind=\"context_overflow\",model_name=\"tiny\"} 1.0");
        assertHas(page, "alcove:time_to_first_token_seconds_bucket{model_name=\"tiny\",le=\"0.1\"} 0");
        assertHas(page, "alcove:time_to_first_token_seconds_bucket{model_name=\"tiny\",le=\"0.25\"} 4");
        assertHas(page, "alcove:e2e_request_latency_seconds_count{model_name=\"tiny\"} 2");
        assertHas(page, "alcove:request_time_per_output_token_seconds_bucket{model_name=\"tiny\",le=\"0.1\"} 2");
        assertHas(page, "alcove:request_generation_tokens_sum{model_name=\"tiny\"} 22.0");
        assertFalse(page.contains("tenant-secret"));
    }

    @Test
    void whatGuardsRefuseIsCountedByTheirNames() throws Exception {
        Guards guards = new Guards() {
            @Override
            public Vigil admit(GenerateRequest request) {
                return Vigil.NONE;
            }

            @Override
            public List<Figures> figures() {
                return List.of(new Figures("polite", 9, 3, 2, 1));
            }
        };
        String page = get(new MetricsServlet(null, guards, InstantSource.fixed(NOW)), "*/*").body();
        assertHas(page, "alcove:guard_requests_total{guard=\"polite\"} 9.0");
        assertHas(page, "alcove:guard_refusals_total{guard=\"polite\",what=\"request\"} 3.0");
        assertHas(page, "alcove:guard_refusals_total{guard=\"polite\",what=\"answer\"} 2.0");
        assertHas(page, "alcove:guard_failures_total{guard=\"polite\"} 1.0");
    }

    @Test
    void modelsThatStrangersInventMakeOneSeries() throws Exception {
        MetricsServlet servlet = new MetricsServlet(new Telling("lottery", List.of(READY)), null, InstantSource.fixed(NOW));
        for (int i = 0; i < 100; i++) {
            servlet.ended(record("invented-" + i, new Outcome.Broken(new Failure.UnknownModel("invented-" + i, "no"))));
        }
        String page = get(servlet, "*/*").body();
        assertHas(page, "alcove:request_failure_total{kind=\"unknown_model\",model_name=\"(not served)\"} 100.0");
        assertFalse(page.contains("invented"));
    }

    @Test
    void openMetricsIsWrittenWhereAskedFor() throws Exception {
        HttpResponse<String> response = get(new MetricsServlet(null, null, InstantSource.fixed(NOW)),
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertTrue(response.headers().firstValue("content-type").orElse("").startsWith("application/openmetrics-text"));
        assertTrue(response.body().endsWith("# EOF\n"), response.body());
    }
}
