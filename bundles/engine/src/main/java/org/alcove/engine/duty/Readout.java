package org.alcove.engine.duty;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Candidate;
import org.alcove.engine.TokenEvent.Failed;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.engine.forward.LogitsReader;
import org.alcove.engine.forward.Team;
import org.alcove.engine.numeric.Arithmetic;

/** Turns the logits of a step into chosen tokens and probabilities, outputs split over the team. */
final class Readout implements LogitsReader, AutoCloseable {

    private static final Candidate[] NONE = {};

    private final Arena arena = Arena.ofShared();
    private final Team team;
    private final Sampler[] samplers;
    private final int vocabulary;
    private final Team.Task task = this::rows;
    private Arithmetic arithmetic;
    private Step step;
    private int firstOutput;
    /** Rows of logits as they came last, and each row. */
    private MemorySegment logits = MemorySegment.NULL;
    private MemorySegment[] logitRows = {};

    Readout(Team team, int vocabulary) {
        this.team = team;
        this.vocabulary = vocabulary;
        this.samplers = new Sampler[team.size()];
        try {
            for (int i = 0; i < samplers.length; i++) {
                samplers[i] = new Sampler(arena, vocabulary);
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The step whose logits come next. */
    void begin(Step next) {
        step = next;
    }

    @Override
    public void read(int first, int rows, MemorySegment rowsOfLogits, Arithmetic stepArithmetic) {
        firstOutput = first;
        arithmetic = stepArithmetic;
        if (logits != rowsOfLogits) {
            logits = rowsOfLogits;
            logitRows = cut(rowsOfLogits);
        }
        team.run(rows, 1, rows, task);
    }

    /** The engine has the same memory for all steps: it is cut once. */
    private MemorySegment[] cut(MemorySegment rowsOfLogits) {
        long bytes = 4L * vocabulary;
        MemorySegment[] rows = new MemorySegment[(int) (rowsOfLogits.byteSize() / bytes)];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = rowsOfLogits.asSlice(row * bytes, bytes);
        }
        return rows;
    }

    private void rows(int member, int first, int end) {
        samplers[member].begin(arithmetic);
        for (int row = first; row < end; row++) {
            output(samplers[member], firstOutput + row, logitRows[row]);
        }
    }

    private void output(Sampler sampler, int output, MemorySegment row) {
        Sequence sequence = step.outputSequence(output);
        int position = step.outputPosition(output);
        if (!sampler.isFinite(row)) {
            step.chosen(output, new Failed(Fault.INTERNAL, "the model computed numbers that are not finite at position "
                    + position + "; the model file may be damaged: verify it or try a less strongly quantized one"));
            return;
        }
        boolean last = position == sequence.length() - 1 && !sequence.isLongest();
        int tops = sequence.request.logprobs();
        boolean scored = sequence.scores(position);
        double logOfSum = scored || last && tops >= 0 ? sampler.logOfSum(row) : 0;
        Candidate[] top = scored || last && tops > 0 ? sampler.top(row, tops, logOfSum) : NONE;
        if (scored) {
            sequence.observer.observe(position, row.asReadOnly());
            sequence.score(position + 1, Sampler.logprob(row, sequence.token(position + 1), logOfSum), top);
        }
        if (last) {
            step.chosen(output, choose(sampler, sequence, row, logOfSum, top));
        }
    }

    private static TokenEvent choose(Sampler sampler, Sequence sequence, MemorySegment row, double logOfSum, Candidate[] top) {
        boolean wanted = sequence.request.logprobs() >= 0;
        if (wanted) {
            // The chain changes the row it is given.
            sampler.remember(row);
        }
        int id = sampler.choose(row, sequence.request.sampling(), sequence.counts(), sequence.forbidden(),
                sequence.answerPosition());
        return new TokenEvent.Token(id, wanted ? sampler.rememberedLogprob(id, logOfSum) : Float.NaN, top);
    }

    @Override
    public void close() {
        arena.close();
    }
}
