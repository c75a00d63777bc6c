package org.alcove.core;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.api.control.RequestObserver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one log line for each request that ended, without a word of its text, and tells the observers. */
@Component(service = RequestLedger.class)
public final class RequestLedger {

    private static final Logger LOG = LoggerFactory.getLogger("org.alcove.requests");

    private final Set<RequestObserver> observers = ConcurrentHashMap.newKeySet();

    @Activate
    public RequestLedger() {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindObserver(RequestObserver observer) {
        observers.add(observer);
    }

    void unbindObserver(RequestObserver observer) {
        observers.remove(observer);
    }

    void ended(RequestObserver.Record record) {
        LOG.info("{}", line(record));
        for (RequestObserver observer : observers) {
            try {
                observer.ended(record);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("observer {} failed for {}", observer.getClass().getName(), record.id(), e);
            }
        }
    }

    private static String line(RequestObserver.Record record) {
        double seconds = record.total().toNanos() / 1e9;
        double speaking = seconds - record.firstToken().map(first -> first.toNanos() / 1e9).orElse(seconds);
        Optional<String> rate = record.answerTokens() > 1 && speaking > 0
                ? Optional.of(String.format(Locale.ROOT, ", %.1f tokens/s", (record.answerTokens() - 1) / speaking))
                : Optional.empty();
        return String.format(Locale.ROOT, "%s%s model=%s worker=%s tokens=%d+%d %s%.0f ms in all%s, %s", record.id(),
                record.tenant().isEmpty() ? "" : " key=" + record.tenant(), record.model(),
                record.worker().isEmpty() ? "none" : record.worker(), record.promptTokens(), record.answerTokens(),
                record.firstToken().map(first -> first.toMillis() + " ms to the first token, ").orElse(""), seconds * 1e3,
                rate.orElse(""), outcome(record.outcome()));
    }

    private static String outcome(RequestObserver.Outcome outcome) {
        return switch (outcome) {
            case RequestObserver.Outcome.Done done -> done.reason().name().toLowerCase(Locale.ROOT);
            case RequestObserver.Outcome.Cancelled cancelled -> "cancelled";
            case RequestObserver.Outcome.Broken broken -> broken.failure().getClass().getSimpleName() + ": "
                    + broken.failure().message();
        };
    }
}
