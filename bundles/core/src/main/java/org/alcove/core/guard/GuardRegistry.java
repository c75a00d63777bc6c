package org.alcove.core.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.GuardName;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;
import org.alcove.configuration.GivenValues;
import org.alcove.ranked.Origin;
import org.alcove.ranked.RankedServices;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guards there are. Of several of one name the best ranking is asked. A guard that comes is asked from the next request on;
 * one that goes is asked no more, and answers that it watched go on without it. Where none is installed a request costs a look at
 * an empty list, and an answer nothing.
 */
@Component(service = Guards.class, immediate = true, configurationPid = "org.alcove.core.guards")
@Designate(ocd = GuardConfiguration.class)
public final class GuardRegistry implements Guards {

    private static final Logger LOG = LoggerFactory.getLogger(GuardRegistry.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final RankedServices<InstalledGuard> guards = new RankedServices<>();
    private final ConcurrentMap<String, Tally> tallies = new ConcurrentHashMap<>();
    private final TimedCalls calls = new TimedCalls();
    private volatile Rules rules;
    /** In the order in which they are asked. Replaced whole. */
    private volatile List<InstalledGuard> order = List.of();

    @Activate
    public GuardRegistry(Map<String, Object> given) {
        this(read(given, Duration.ofMillis(Rules.DEFAULT_CALL_MILLIS)));
    }

    GuardRegistry(Rules rules) {
        this.rules = rules;
    }

    @Modified
    void modified(Map<String, Object> given) {
        Rules former = rules;
        rules = read(given, former.longestCall());
        if (former.fault().isPresent() && rules.fault().isEmpty()) {
            LOG.info("The configuration of the guards is in order again");
        }
    }

    /** Thrown on, a fault would leave no guards at all, and with them no server. */
    private static Rules read(Map<String, Object> given, Duration former) {
        GivenValues values = new GivenValues(GuardConfiguration.class, given);
        values.strangers().forEach(LOG::warn);
        Rules read = Rules.of(values, former);
        read.fault().ifPresent(fault -> LOG.error("{}", broken(fault)));
        return read;
    }

    private static String broken(String fault) {
        return "the configuration of the guards is faulty, so no request is served: " + fault;
    }

    @Deactivate
    void stop() {
        calls.close();
    }

    @Reference(service = Guard.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            updated = "update", unbind = "unbind")
    void bind(Guard guard, ServiceReference<Guard> reference) {
        Origin origin = Origin.of(reference);
        Origin.name(reference, GuardName.PROPERTY).ifPresentOrElse(name -> add(name, guard, origin), () -> LOG.error(
                "A guard of bundle {} has no name and is not asked; annotate its component with @GuardName", origin.bundle()));
    }

    void update(Guard guard, ServiceReference<Guard> reference) {
        remove(Origin.of(reference).id());
        bind(guard, reference);
    }

    void unbind(Guard guard, ServiceReference<Guard> reference) {
        remove(Origin.of(reference).id());
    }

    synchronized void add(String name, Guard guard, Origin origin) {
        Tally tally = tallies.computeIfAbsent(name, key -> new Tally());
        guards.add(name, new InstalledGuard(name, guard, origin, tally, calls), origin);
        sort();
        LOG.info("Guard {} is there, from bundle {}", name, origin.bundle());
    }

    synchronized void remove(long id) {
        guards.remove(id).ifPresent(removed -> {
            removed.service().leave();
            sort();
            LOG.info("Guard {} goes, from bundle {}; answers that it watches go on without it", removed.name(),
                    removed.origin().bundle());
        });
    }

    private void sort() {
        order = guards.best().stream().map(RankedServices.Installed::service).toList();
    }

    /** Without those whose text cannot be read here: who opens them shows them. */
    @Override
    public Vigil admit(GenerateRequest request) {
        Rules now = rules;
        List<InstalledGuard> present = order;
        if (request.context().sealedBody().isPresent()) {
            return Vigil.NONE;
        }
        now.fault().ifPresent(fault -> {
            throw new RequestException(new Failure.Unavailable(RETRY, broken(fault)));
        });
        if (present.isEmpty() && now.required().isEmpty()) {
            return Vigil.NONE;
        }
        for (String name : now.required()) {
            if (present.stream().noneMatch(guard -> guard.name().equals(name))) {
                throw new RequestException(new Failure.Unavailable(RETRY, "the guard " + name
                        + " is required by org.alcove.core.guards and is not installed; install its bundle, or take its name out"
                        + " of required"));
            }
        }
        List<WatchedAnswer.Eye> eyes = new ArrayList<>();
        for (InstalledGuard guard : present) {
            try {
                Optional<AnswerWatch> watch = guard.judge(request, now.longestCall());
                watch.ifPresent(it -> eyes.add(new WatchedAnswer.Eye(guard, it)));
            } catch (RequestException e) {
                if (guard.gone() && !(e.failure() instanceof Failure.Refused)) {
                    // Its bundle was stopped under it: those that are there now are asked.
                    return admit(request);
                }
                throw e;
            }
        }
        return eyes.isEmpty() ? Vigil.NONE : new WatchedAnswer(eyes, () -> rules.longestCall());
    }

    @Override
    public List<String> required() {
        return rules.required();
    }

    @Override
    public List<Figures> figures() {
        return tallies.entrySet().stream().map(entry -> entry.getValue().figures(entry.getKey()))
                .sorted(Comparator.comparing(Figures::guard)).toList();
    }
}
