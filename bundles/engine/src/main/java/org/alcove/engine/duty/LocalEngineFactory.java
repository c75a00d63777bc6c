package org.alcove.engine.duty;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.forward.ForwardPass;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.Model;
import org.alcove.engine.forward.ModelShape;
import org.alcove.engine.forward.Placement;
import org.alcove.engine.forward.Team;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes engines that compute in this process. */
@Component
public final class LocalEngineFactory implements EngineFactory {

    /** Version of {@code docs/numerics.md}. */
    private static final int NUMERICS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngineFactory.class);

    private final Arithmetics arithmetics;
    private final LongSupplier clock;
    private final Function<EngineSettings, StepBudget> budgets;

    /** Computes in Java until features of the machine are {@link #addFeature added}. */
    @Activate
    public LocalEngineFactory() {
        this(new Arithmetics(), System::nanoTime, StepBudget::of);
    }

    LocalEngineFactory(Arithmetics arithmetics, LongSupplier clock, Function<EngineSettings, StepBudget> budgets) {
        this.arithmetics = arithmetics;
        this.clock = clock;
        this.budgets = budgets;
    }

    /** Takes a feature of the machine into account: a condition is withdrawn where the configuration disables its feature. */
    @Reference(service = Condition.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(|(" + Condition.CONDITION_ID + "=cpu.*)(" + Condition.CONDITION_ID + "=jvm.*))", unbind = "removeFeature")
    void addFeature(Map<String, Object> condition) {
        arithmetics.add((String) condition.get(Condition.CONDITION_ID));
    }

    void removeFeature(Map<String, Object> condition) {
        arithmetics.remove((String) condition.get(Condition.CONDITION_ID));
    }

    @Deactivate
    void close() {
        arithmetics.close();
    }

    @Override
    public Engine open(Weights weights, EngineSettings settings) throws ModelFormatException {
        DutyEngine engine = start(weights, settings);
        try {
            weights.hasten();
            LOG.info("Model {} is ready: context {} tokens, KV cache {} blocks of {}, kernels {}", weights.file().name(),
                    engine.contextTokens(), engine.status().kvBlocks(), KvCache.BLOCK, weights.kernels());
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    private DutyEngine start(Weights weights, EngineSettings settings) throws ModelFormatException {
        Deque<Runnable> closings = new ArrayDeque<>();
        try {
            DutyEngine engine = new DutyEngine(weights, settings, parts(weights, settings, closings), clock);
            engine.start();
            return engine;
        } catch (ModelFormatException | RuntimeException | Error e) {
            closings.forEach(closing -> close(closing, e));
            throw e;
        }
    }

    private static void close(Runnable closing, Throwable why) {
        try {
            closing.run();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public EngineMemory predict(ModelFile file, EngineSettings settings) throws ModelFormatException {
        return Prediction.of(file, settings, placement(settings).threads());
    }

    private static Placement placement(EngineSettings settings) {
        Placement placement = Placement.ofThisMachine();
        return settings.threads() > 0 ? placement.withThreads(settings.threads()) : placement;
    }

    /** @param closings gets what closes each part, the last one first: until the engine runs, nobody else would */
    private EngineParts parts(Weights weights, EngineSettings settings, Deque<Runnable> closings) throws ModelFormatException {
        Arena vectors = Arena.ofShared();
        closings.push(vectors::close);
        Model model = Model.of(weights, vectors);
        ModelShape shape = model.shape();
        int wanted = Prediction.context(settings, shape);
        int blocks = CacheSize.blocks(settings, shape, wanted);
        int context = (int) Math.min(wanted, (long) blocks * KvCache.BLOCK);
        String name = "alcove-engine-" + weights.file().name();
        Placement placement = placement(settings);
        LOG.info("Model {} is computed by {}", weights.file().name(), placement.told());
        String fingerprint = weights.fingerprint() + "-" + weights.formats().replace(", ", "+") + "-kv-"
                + settings.kvType().label() + "-numerics" + NUMERICS;
        KvCache cache = new KvCache(shape.cacheLayout(settings.kvType()), blocks,
                CacheSize.comfortable(settings, shape, blocks));
        closings.push(cache::close);
        Team team = new Team(name, placement.threads(), placement::bind);
        closings.push(team::close);
        Readout readout = new Readout(team, shape.vocabulary());
        closings.push(readout::close);
        ForwardPass forward = new ForwardPass(model, cache, team, arithmetics, StepBudget.MOST + settings.maxSequences());
        closings.push(forward::close);
        return new EngineParts(model, vectors, team, cache, forward, readout, new Outage(weights, clock), budgets.apply(settings),
                context, fingerprint, name, placement);
    }
}
