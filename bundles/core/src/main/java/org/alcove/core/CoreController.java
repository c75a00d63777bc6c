package org.alcove.core;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
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

/** Brings requests to workers. All counts and clocks are here; policies only choose. */
@Component(configurationPid = "org.alcove.core")
@Designate(ocd = CoreConfiguration.class)
public final class CoreController implements Controller {

    private final WorkerRegistry registry;
    private final RequestLedger ledger;
    private final Dispatcher dispatcher;
    private final HeartbeatWatch heartbeats;
    private final InstantSource clock;
    private final Lock choosing = new ReentrantLock();
    private final DispatchHistory history = new DispatchHistory();
    private volatile CoreConfiguration configuration;
    private volatile Map<String, String> policyPerModel;

    @Activate
    public CoreController(@Reference WorkerRegistry registry, @Reference PolicyRegistry policies, @Reference RequestLedger ledger,
            CoreConfiguration configuration) {
        this(registry, policies, ledger, configuration, InstantSource.system());
        heartbeats.start(Duration.ofSeconds(configuration.heartbeat_seconds()));
    }

    CoreController(WorkerRegistry registry, PolicyRegistry policies, RequestLedger ledger, CoreConfiguration configuration,
            InstantSource clock) {
        this.registry = registry;
        this.ledger = ledger;
        this.clock = clock;
        this.dispatcher = new Dispatcher(policies, RandomGenerator.getDefault());
        this.heartbeats = new HeartbeatWatch(registry, clock, look -> Thread.ofVirtual().start(look), patience(configuration));
        configure(configuration);
    }

    @Modified
    void modified(CoreConfiguration changed) {
        configure(changed);
        heartbeats.patience(patience(changed));
        heartbeats.close();
        heartbeats.start(Duration.ofSeconds(changed.heartbeat_seconds()));
    }

    @Deactivate
    void stop() {
        heartbeats.close();
    }

    private void configure(CoreConfiguration changed) {
        Map<String, String> perModel = new TreeMap<>();
        for (String entry : changed.policy_per_model()) {
            int equals = entry.lastIndexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("policy_per_model: '" + entry + "' is not of the form model=policy");
            }
            perModel.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
        }
        policyPerModel = perModel;
        configuration = changed;
    }

    private static SeenStatus.Patience patience(CoreConfiguration configuration) {
        return new SeenStatus.Patience(Duration.ofSeconds(configuration.late_after_seconds()),
                Duration.ofSeconds(configuration.gone_after_seconds()));
    }

    @Override
    public Generation generate(GenerateRequest request) {
        var times = new RelayedGeneration.RequestTimes(clock.instant(), System.nanoTime());
        try {
            return dispatch(request, times);
        } catch (RequestException refused) {
            ledger.ended(new RequestObserver.Record(request.context().id(), request.context().tenant(), request.model(), "",
                    times.arrived(), Optional.empty(), times.sinceArrival(), 0, 0,
                    new RequestObserver.Outcome.Broken(refused.failure())));
            throw refused;
        }
    }

    /** Asks the chosen worker; one that is overloaded or unavailable after all is left out, and the policy chooses again. */
    private Generation dispatch(GenerateRequest request, RelayedGeneration.RequestTimes times) {
        Set<RegisteredWorker> tried = new HashSet<>();
        RequestException last = null;
        while (true) {
            Dispatcher.Decision decision;
            try {
                decision = decide(request, tried);
            } catch (RequestException nobody) {
                throw last == null ? nobody : last;
            }
            try {
                return start(request, times, decision);
            } catch (RequestException refused) {
                if (!(refused.failure() instanceof Failure.Overloaded || refused.failure() instanceof Failure.Unavailable)) {
                    throw refused;
                }
                tried.add(decision.worker());
                last = refused;
            }
        }
    }

    /** Choosing and counting in are one step: of two requests at once, the second sees the first in its worker's queue. */
    private Dispatcher.Decision decide(GenerateRequest request, Set<RegisteredWorker> tried) {
        choosing.lock();
        try {
            Map<RegisteredWorker, SeenStatus> seen = seen();
            seen.keySet().removeAll(tried);
            Dispatcher.Decision decision = dispatcher.choose(request, seen, policyName(request.model()));
            decision.worker().countIn();
            return decision;
        } finally {
            choosing.unlock();
        }
    }

    private Generation start(GenerateRequest request, RelayedGeneration.RequestTimes times, Dispatcher.Decision decision) {
        RegisteredWorker worker = decision.worker();
        history.add(new Dispatch(request.context().id(), request.model(), clock.instant(), policyName(request.model()),
                decision.candidates(), decision.chosen().id(), decision.reason()), configuration.dispatch_history());
        try {
            Generation source = worker.generate(request);
            return new RelayedGeneration(source, worker, decision.chosen().id(), request, times, ledger);
        } catch (RequestException refused) {
            worker.countOut();
            throw refused;
        } catch (RuntimeException | LinkageError e) {
            worker.countOut();
            throw new RequestException(new Failure.Internal("worker " + decision.chosen().id() + " of bundle " + worker.bundle()
                    + " failed: " + e), e);
        }
    }

    private String policyName(String model) {
        return policyPerModel.getOrDefault(model, configuration.policy());
    }

    private Map<RegisteredWorker, SeenStatus> seen() {
        Map<RegisteredWorker, SeenStatus> seen = new LinkedHashMap<>();
        registry.workers().forEach(worker -> seen.put(worker, heartbeats.status(worker)));
        return seen;
    }

    @Override
    public List<ModelCard> models() {
        Map<String, ModelCard> cards = new TreeMap<>();
        seen().forEach((worker, status) -> {
            if (status.state() == WorkerStatus.State.READY || status.state() == WorkerStatus.State.PAUSED) {
                ModelCard card = worker.model();
                cards.putIfAbsent(card.name(), card);
            }
        });
        return List.copyOf(cards.values());
    }

    @Override
    public List<WorkerStatus> workers() {
        return new ArrayList<>(seen().values());
    }

    @Override
    public String policy() {
        String name = configuration.policy();
        return dispatcher.has(name) ? name : dispatcher.missing(name);
    }

    @Override
    public List<Dispatch> dispatches() {
        return history.list();
    }
}
