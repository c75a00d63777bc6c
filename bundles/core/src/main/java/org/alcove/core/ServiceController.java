package org.alcove.core;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves requests by the workers that are services. */
@Component(immediate = true, configurationPid = "org.alcove.core")
@Designate(ocd = CoreConfiguration.class)
public final class ServiceController implements Controller {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceController.class);

    private final WorkerRegistry workers;
    private final PolicyRegistry policies;
    private final RequestObservers observers;
    private final Time time;
    private final DispatchHistory history = new DispatchHistory();
    private final Dispatcher dispatcher;
    private final Heartbeat heartbeat;
    private volatile Settings settings;

    @Activate
    public ServiceController(CoreConfiguration configuration, @Reference WorkerRegistry workers,
            @Reference PolicyRegistry policies, @Reference RequestObservers observers) {
        this(Settings.of(configuration), workers, policies, observers, Time.SYSTEM);
        report();
        heartbeat.start();
    }

    /** A controller whose heart does not beat by itself. */
    ServiceController(Settings settings, WorkerRegistry workers, PolicyRegistry policies, RequestObservers observers, Time time) {
        this.settings = settings;
        this.workers = workers;
        this.policies = policies;
        this.observers = observers;
        this.time = time;
        this.dispatcher = new Dispatcher(workers, policies, history, () -> this.settings, time);
        this.heartbeat = new Heartbeat(workers, () -> this.settings);
    }

    @Modified
    void modified(CoreConfiguration configuration) {
        configure(Settings.of(configuration));
    }

    void configure(Settings changed) {
        settings = changed;
        report();
    }

    @Deactivate
    void stop() {
        heartbeat.close();
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    private void report() {
        settings.faults().forEach(fault -> LOG.error("Configuration org.alcove.core: {}", fault));
        LOG.info("Scheduling policy: {}", settings.policy());
    }

    @Override
    public Generation generate(GenerateRequest request) {
        RequestAccount account = new RequestAccount(request, time, this::ended);
        try {
            request.context().deadline().filter(deadline -> deadline.isBefore(time.now())).ifPresent(deadline -> {
                throw new RequestException(new Failure.TimedOut("the deadline of the request had passed when it came"));
            });
            Set<TrackedWorker> tried = new LinkedHashSet<>();
            Assignment assignment = dispatcher.assign(request, tried, Optional.empty(), account);
            return new RelayedGeneration(request, dispatcher, tried, account, assignment);
        } catch (RequestException e) {
            account.end(new RequestObserver.Outcome.Broken(e.failure()));
            throw e;
        }
    }

    private void ended(RequestObserver.Record record) {
        LOG.atInfo().log(() -> RequestLine.of(record));
        observers.ended(record);
    }

    @Override
    public List<ModelCard> models() {
        Map<String, ModelCard> cards = new TreeMap<>();
        for (WorkerRegistry.Candidate candidate : workers.roll(settings)) {
            if (candidate.status().state() != WorkerStatus.State.GONE) {
                card(candidate.tracked()).filter(card -> card.contextTokens() > 0)
                        .ifPresent(card -> cards.putIfAbsent(card.name(), card));
            }
        }
        return List.copyOf(cards.values());
    }

    /** A model that is not loaded yet has a card without a context. */
    private static Optional<ModelCard> card(TrackedWorker tracked) {
        try {
            return Optional.ofNullable(tracked.worker().model());
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.warn("A worker of bundle {} threw when asked for its model; it is left out", tracked.origin().bundle(), e);
            return Optional.empty();
        }
    }

    @Override
    public List<WorkerStatus> workers() {
        return workers.roll(settings).stream().<WorkerStatus>map(WorkerRegistry.Candidate::status).toList();
    }

    @Override
    public String policy() {
        Settings now = settings;
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("", now.policy());
        new TreeMap<>(now.policyPerModel()).forEach((model, policy) -> shown.put("for " + model + ": ", policy));
        return shown.entrySet().stream().map(entry -> entry.getKey() + entry.getValue()
                + (policies.named(entry.getValue()).isPresent() ? "" : " (" + policies.missing(entry.getValue()) + ")"))
                .collect(Collectors.joining("; "));
    }

    @Override
    public List<Dispatch> dispatches() {
        return history.newestFirst();
    }
}
