package org.alcove.evaluation.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured with so many streams at once: medians.
 *
 * @param parallel streams at once
 * @param prompt tokens of each prompt
 * @param generate tokens each stream wrote
 * @param prefill prompt tokens a second, all streams together
 * @param decode written tokens a second, all streams together
 * @param firstMillis until the last stream had its first token
 * @param nextMillis from one token of a stream to its next
 */
record Figures(int parallel, int prompt, int generate, double prefill, double decode, double firstMillis, double nextMillis) {

    /** The medians of some runs. */
    static Figures of(int parallel, int prompt, int generate, List<StreamRun.Timing> runs) {
        double decode = median(runs, run -> run.written() / run.writeSeconds());
        return new Figures(parallel, prompt, generate, median(runs, run -> (double) parallel * prompt / run.readSeconds()),
                decode, median(runs, run -> run.readSeconds() * 1e3), parallel / decode * 1e3);
    }

    private static double median(List<StreamRun.Timing> runs, ToDoubleFunction<StreamRun.Timing> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
