package org.alcove.engine.duty;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Failed;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.engine.TokenEvent.Finished;
import org.alcove.engine.TokenEvent.Token;
import org.alcove.engine.forward.ForwardPass;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.Plan;
import org.alcove.weights.KernelFaultException;
import org.alcove.weights.KernelUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engine's thread does again and again: plan a step, compute it, choose tokens, settle. Nothing of a sequence changes
 * before its step is computed to the end, so a step that breaks off can be done again and gives the same.
 */
final class DutyCycle {

    private static final Logger LOG = LoggerFactory.getLogger(DutyCycle.class);
    private static final double SMOOTHING = 0.1;
    private static final int WARM_UP_TOKENS = 8;

    private final EngineSettings settings;
    private final LongSupplier clock;
    private final KvCache cache;
    private final ForwardPass forward;
    private final Readout readout;
    private final Outage outage;
    private final Batcher batcher;
    private final Step step;
    private final StepBudget budget;
    private final Pace pace;
    private final Consumer<Sequence> sweeping = this::sweep;
    private final int warmUpTokens;
    private int warmUps;
    private int warmUpLayer;
    private double tokensPerSecond;
    private long promptTokens;
    private long answerTokens;

    /** @param beat shows that the engine lives, where a turn lasts */
    DutyCycle(EngineSettings settings, LongSupplier clock, EngineParts parts, Runnable beat) {
        this.settings = settings;
        this.clock = clock;
        this.cache = parts.cache();
        this.forward = parts.forward();
        this.readout = parts.readout();
        this.outage = parts.outage();
        this.batcher = new Batcher(cache, settings);
        this.step = new Step(StepBudget.MOST + settings.maxSequences(), settings.maxSequences());
        this.budget = parts.budget();
        this.pace = new Pace(settings.maxTokensPerSecond(), clock, beat);
        this.warmUpTokens = Math.min(WARM_UP_TOKENS, parts.contextTokens());
    }

    /**
     * Computes a part of a step that nobody sees, from where the last such part ended, so that libraries are linked, code is
     * compiled and weights are mapped. Steps of a prompt and of an answer take turns.
     *
     * @return false if a kernel is missing or at fault
     */
    boolean warmUp(long nanos) {
        int tokens = warmUps % 2 == 0 ? warmUpTokens : 1;
        int block = cache.take();
        try {
            Plan plan = new Plan(tokens);
            int[] blocks = {block};
            for (int i = 0; i < tokens; i++) {
                plan.add(0, i, blocks, i == tokens - 1);
            }
            warmUpLayer = forward.warmUp(plan, warmUpLayer, nanos);
            warmUps += warmUpLayer == 0 ? 1 : 0;
            return true;
        } catch (KernelUnavailableException e) {
            outage.begin(e);
            return false;
        } catch (KernelFaultException e) {
            LOG.error("Warming up failed: {}", e.getMessage(), e);
            return false;
        } finally {
            cache.release(block);
        }
    }

    /** Lets a pause end at once. */
    void hurry() {
        pace.stop();
    }

    void add(Sequence sequence) {
        batcher.add(sequence);
    }

    /** Does one step; false if there was nothing to compute. */
    boolean turn() {
        batcher.forEach(sweeping);
        if (!hasSequences()) {
            return false;
        }
        if (!outage.isOver() && !outage.await()) {
            if (outage.lasts(settings.swapGrace().toNanos())) {
                failAll(Fault.NO_KERNEL, outage.message());
                outage.restart();
            }
            return true;
        }
        boolean answering = batcher.answering() > 0;
        batcher.fill(step, budget.tokens(answering));
        if (step.plan().tokens() == 0) {
            return false;
        }
        compute(answering);
        return true;
    }

    /** Whether any run or wait. */
    boolean hasSequences() {
        return batcher.running() + batcher.waiting() > 0;
    }

    private void sweep(Sequence sequence) {
        if (sequence.stream.isCancelled()) {
            batcher.remove(sequence);
        } else if (sequence.stream.isStalled(settings.readTimeout().toNanos())) {
            end(sequence, new Failed(Fault.READER_STALLED, "nobody read the answer for " + settings.readTimeout().toSeconds()
                    + " s while " + BoundedTokenStream.CAPACITY + " tokens were waiting; read faster or raise the read timeout"));
        }
    }

    private void compute(boolean answering) {
        long start = clock.getAsLong();
        try {
            readout.begin(step);
            forward.run(step.plan(), readout);
        } catch (KernelUnavailableException e) {
            outage.begin(e);
            return;
        } catch (KernelFaultException e) {
            LOG.error("A step of {} sequences failed: {}", step.sequences().size(), e.getMessage(), e);
            failStep(e.getMessage());
            return;
        } catch (RuntimeException | Error e) {
            LOG.error("A step of {} sequences failed", step.sequences().size(), e);
            failStep("computing a step failed: " + e);
            return;
        }
        outage.end();
        settle();
        pace.hold(step.plan().tokens(), start);
        long nanos = Math.max(1, clock.getAsLong() - start);
        budget.measured(answering, step.plan().tokens(), nanos);
        double rate = step.plan().tokens() * 1e9 / nanos;
        tokensPerSecond = tokensPerSecond == 0 ? rate : tokensPerSecond + SMOOTHING * (rate - tokensPerSecond);
    }

    private void settle() {
        for (int i = 0; i < step.sequences().size(); i++) {
            Sequence sequence = step.sequences().get(i);
            promptTokens += sequence.promptTokensOf(step.chunkSize(i));
            sequence.computed(step.chunkSize(i));
            TokenEvent chosen = step.chosenFor(i);
            if (!(chosen instanceof Failed)) {
                sequence.keep(cache);
            }
            switch (chosen) {
                case null -> endIfComplete(sequence);
                case Token token -> {
                    answerTokens++;
                    sequence.append(token);
                    if (sequence.endedItself() || sequence.isLongest()) {
                        end(sequence, new Finished(sequence.endedItself()));
                    }
                }
                case TokenEvent failure -> {
                    batcher.forgetPrefixes();
                    end(sequence, failure);
                }
            }
        }
    }

    /** A prompt that was to be scored only ends without a token. */
    private void endIfComplete(Sequence sequence) {
        if (sequence.remaining() == 0) {
            end(sequence, new Finished(sequence.endedItself()));
        }
    }

    /** Whoever reads learns of the end, whatever happens to the blocks. */
    private void end(Sequence sequence, TokenEvent event) {
        try {
            batcher.remove(sequence);
        } finally {
            sequence.stream.add(event);
        }
    }

    private void failStep(String message) {
        batcher.forgetPrefixes();
        for (Sequence sequence : step.sequences()) {
            end(sequence, new Failed(Fault.INTERNAL, message));
        }
    }

    /** Ends all sequences, also those whose blocks cannot be given back. */
    void failAll(Fault fault, String message) {
        batcher.forEach(sequence -> {
            try {
                end(sequence, new Failed(fault, message));
            } catch (RuntimeException e) {
                LOG.error("The blocks of a sequence could not be given back", e);
            }
        });
    }

    /** How it stands, seen from the engine's thread. */
    Standing standing() {
        return new Standing(batcher.running(), batcher.waiting(), tokensPerSecond, promptTokens, answerTokens,
                batcher.preemptions());
    }

    /** Counts of the engine's thread at one moment. */
    record Standing(int running, int waiting, double tokensPerSecond, long promptTokens, long answerTokens, long preemptions) {
    }
}
