package org.alcove.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.guard.Guards;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.configuration.GivenValues;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves requests by the workers that are services. */
@Component(immediate = true, configurationPid = "org.alcove.core", service = {Controller.class, WorkerChooser.class},
        property = WorkerChooser.PLACE + "=" + WorkerChooser.LOCAL)
@Designate(ocd = CoreConfiguration.class)
public final class ServiceController implements Controller, WorkerChooser {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceController.class);

    private final WorkerRegistry workers;
    private final PolicyRegistry policies;
    private final RequestObservers observers;
    private final Guards guards;
    private final Time time;
    private final DispatchHistory history = new DispatchHistory();
    private final OwnChoice own;
    private final RelayedGeneration.House house;
    private final Heartbeat heartbeat;
    private volatile Settings settings;

    @Activate
    public ServiceController(Map<String, Object> given, @Reference WorkerRegistry workers,
            @Reference PolicyRegistry policies, @Reference RequestObservers observers, @Reference Guards guards,
            @Reference RemoteChooser remote) {
        this(Settings.of(read(given), Settings.DEFAULT), workers, policies, observers, guards, remote, Time.SYSTEM);
        report();
        heartbeat.start();
    }

    /** A controller whose heart does not beat by itself. */
    ServiceController(Settings settings, WorkerRegistry workers, PolicyRegistry policies, RequestObservers observers,
            Guards guards, RemoteChooser remote, Time time) {
        this.settings = settings;
        this.workers = workers;
        this.policies = policies;
        this.observers = observers;
        this.guards = guards;
        this.time = time;
        this.own = new OwnChoice(workers, policies, history, () -> this.settings, time);
        Dispatcher dispatcher = new Dispatcher(workers, own, remote, history, () -> this.settings, time);
        this.house = new RelayedGeneration.House(dispatcher, workers, () -> this.settings, time);
        this.heartbeat = new Heartbeat(workers, () -> this.settings);
    }

    @Modified
    void modified(Map<String, Object> given) {
        configure(Settings.of(read(given), settings));
    }

    private static GivenValues read(Map<String, Object> given) {
        GivenValues values = new GivenValues(CoreConfiguration.class, given);
        values.strangers().forEach(LOG::warn);
        return values;
    }

    void configure(Settings changed) {
        settings = changed;
        report();
    }

    @Deactivate
    void stop() {
        heartbeat.close();
        // Answers that wait for another worker end with the truth: none will come any more.
        settings = settings.withoutWaiting();
        workers.wake();
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
        PendingRequest pending = prepare(request);
        try {
            return pending.generate();
        } catch (RequestException e) {
            pending.refused(e.failure());
            throw e;
        }
    }

    @Override
    public PendingRequest prepare(GenerateRequest request) {
        RequestAccount account = new RequestAccount(request, time, this::ended);
        try {
            request.context().deadline().filter(deadline -> deadline.isBefore(time.now())).ifPresent(deadline -> {
                throw new RequestException(new Failure.TimedOut("the deadline of the request had passed when it came"));
            });
            return new PendingRequest(house, request, account, guards.admit(request));
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
    public WorkerChoice choose(Request request, Set<String> excluded, Optional<String> fingerprint) {
        return own.choose(request,
                new Wish(request.model(), candidate -> excluded.contains(candidate.status().id()), fingerprint), "");
    }

    /** A model that is not loaded yet has a card without a context. */
    @Override
    public List<ModelCard> models() {
        Map<String, ModelCard> cards = new TreeMap<>();
        for (WorkerRegistry.Candidate candidate : workers.roll(settings)) {
            if (candidate.status().state() != WorkerStatus.State.GONE) {
                candidate.tracked().card().filter(card -> card.contextTokens() > 0)
                        .ifPresent(card -> cards.putIfAbsent(card.name(), card));
            }
        }
        return List.copyOf(cards.values());
    }

    @Override
    public Map<String, ModelCard> cards() {
        Map<String, ModelCard> cards = new TreeMap<>();
        workers.roll(settings).forEach(candidate -> candidate.tracked().card()
                .ifPresent(card -> cards.put(candidate.status().id(), card)));
        return cards;
    }

    @Override
    public void drain(String worker) {
        named(worker).drain();
        workers.wake();
    }

    @Override
    public void reopen(String worker) {
        named(worker).reopen();
        workers.wake();
    }

    @Override
    public void dismiss(String worker) {
        named(worker).dismiss();
    }

    private Worker named(String id) {
        List<TrackedWorker> all = workers.all();
        return all.stream().filter(tracked -> tracked.id().equals(id)).findFirst().map(TrackedWorker::worker)
                .orElseThrow(() -> new NoSuchElementException("there is no worker " + id + " here; there "
                        + (all.isEmpty() ? "is none" : "are " + all.stream().map(TrackedWorker::id)
                        .collect(Collectors.joining(", ")))));
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
