package org.alcove.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.control.RequestObserver.Outcome;

/**
 * Counts and times requests. Names are vLLM's with another prefix. A request is labelled with its model only if that is served:
 * what strangers ask for must not make series.
 */
final class RequestFigures {

    static final String PREFIX = "alcove:";
    static final String MODEL = "model_name";
    static final String NOT_SERVED = "(not served)";
    private static final double[] SECONDS =
            {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640};
    private static final double[] SHORT_SECONDS =
            {0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5};
    private static final double[] TOKENS =
            {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000};

    private final Predicate<String> served;
    private final Counter finished;
    private final Counter failed;
    private final Histogram firstToken;
    private final Histogram perToken;
    private final Histogram total;
    private final Histogram promptTokens;
    private final Histogram answerTokens;

    RequestFigures(PrometheusRegistry registry, Predicate<String> served) {
        this.served = served;
        finished = counter(registry, "request_success", "Requests that ended without a failure; abort: the caller went away.",
                "finished_reason");
        failed = counter(registry, "request_failure", "Requests that failed, by kind of failure.", "kind");
        firstToken = histogram(registry, "time_to_first_token_seconds", "From arrival to the first token.", SECONDS);
        perToken = histogram(registry, "request_time_per_output_token_seconds",
                "Mean time between the tokens of a request after the first.", SHORT_SECONDS);
        total = histogram(registry, "e2e_request_latency_seconds", "From arrival to the end.", SECONDS);
        promptTokens = histogram(registry, "request_prompt_tokens", "Tokens of the prompt.", TOKENS);
        answerTokens = histogram(registry, "request_generation_tokens", "Tokens of the answer.", TOKENS);
    }

    // Exemplars would start a thread that outlives this bundle.
    private static Counter counter(PrometheusRegistry registry, String name, String help, String label) {
        return Counter.builder().name(PREFIX + name).help(help).labelNames(MODEL, label).withoutExemplars().register(registry);
    }

    private static Histogram histogram(PrometheusRegistry registry, String name, String help, double[] bounds) {
        return Histogram.builder().name(PREFIX + name).help(help).labelNames(MODEL).classicOnly().classicUpperBounds(bounds)
                .withoutExemplars().register(registry);
    }

    void ended(RequestObserver.Record request) {
        String model = served.test(request.model()) ? request.model() : NOT_SERVED;
        switch (request.outcome()) {
            case Outcome.Done done -> {
                finished.labelValues(model, done.reason().name().toLowerCase(Locale.ROOT)).inc();
                timeWhole(model, request);
            }
            case Outcome.Cancelled cancelled -> finished.labelValues(model, "abort").inc();
            case Outcome.Broken broken -> failed.labelValues(model, kind(broken.failure().getClass())).inc();
        }
        request.firstToken().ifPresent(time -> firstToken.labelValues(model).observe(seconds(time)));
    }

    private void timeWhole(String model, RequestObserver.Record request) {
        total.labelValues(model).observe(seconds(request.total()));
        promptTokens.labelValues(model).observe(request.promptTokens());
        answerTokens.labelValues(model).observe(request.answerTokens());
        if (request.firstToken().isPresent() && request.answerTokens() > 1) {
            double rest = seconds(request.total().minus(request.firstToken().get()));
            perToken.labelValues(model).observe(rest / (request.answerTokens() - 1));
        }
    }

    /** {@code ContextOverflow} is counted as {@code context_overflow}. */
    private static String kind(Class<?> failure) {
        return failure.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
