package org.alcove.engine.duty;

import java.util.ArrayList;
import java.util.List;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.forward.Plan;

/** What one step computes: neighbouring tokens of some sequences, and what was chosen for those that are complete. */
final class Step {

    private final Plan plan;
    private final List<Sequence> sequences = new ArrayList<>();
    private final int[] chunkSizes;
    /** For each output of the plan. */
    private final Sequence[] outputSequences;
    private final int[] outputPositions;
    /** For each sequence of the step, by {@link #indexOf}. */
    private final TokenEvent[] chosen;
    private final int[] outputIndices;

    Step(int mostTokens, int mostSequences) {
        plan = new Plan(mostTokens);
        chunkSizes = new int[mostSequences];
        chosen = new TokenEvent[mostSequences];
        outputSequences = new Sequence[mostTokens];
        outputPositions = new int[mostTokens];
        outputIndices = new int[mostTokens];
    }

    void clear() {
        plan.clear();
        sequences.clear();
    }

    Plan plan() {
        return plan;
    }

    List<Sequence> sequences() {
        return sequences;
    }

    int chunkSize(int index) {
        return chunkSizes[index];
    }

    /** Adds the next tokens of a sequence, whose blocks reach that far. */
    void add(Sequence sequence, int count) {
        chunkSizes[sequences.size()] = count;
        chosen[sequences.size()] = null;
        for (int i = 0; i < count; i++) {
            int position = sequence.computed() + i;
            boolean output = sequence.needsLogits(position);
            if (output) {
                outputSequences[plan.outputs()] = sequence;
                outputPositions[plan.outputs()] = position;
                outputIndices[plan.outputs()] = sequences.size();
            }
            plan.add(sequence.token(position), position, sequence.blocks(), output);
        }
        sequences.add(sequence);
    }

    Sequence outputSequence(int output) {
        return outputSequences[output];
    }

    int outputPosition(int output) {
        return outputPositions[output];
    }

    /** Notes what came of an output: a token, or why there is none. */
    void chosen(int output, TokenEvent event) {
        chosen[outputIndices[output]] = event;
    }

    /** What came of a sequence; null where it was not computed to its end. */
    TokenEvent chosenFor(int index) {
        return chosen[index];
    }
}
