package org.alcove.evaluation.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.alcove.plot.LineChart;

/**
 * All figures of one model.
 *
 * @param model its file
 * @param threads threads that computed
 * @param kernels kernels in use
 * @param cost what a token costs
 * @param limits what the machine can do at best, where that could be measured
 * @param loadMillis from the file to the first token possible
 * @param peakBytes most memory the process held at once, mapped files included; 0 where the system does not say
 * @param anonymousBytes of these, not backed by a file, at the end; 0 where the system does not say
 * @param runs one for each number of streams
 */
record Report(String model, int threads, String kernels, ModelCost cost, Optional<MachineLimits> limits, double loadMillis,
        long peakBytes, long anonymousBytes, List<Figures> runs) {

    /** One line; figures that could not be measured are null. */
    String json() {
        ObjectNode json = JsonMapper.builder().build().createObjectNode();
        json.put("model", model).put("threads", threads).put("kernels", kernels)
                .put("read_gb_per_s", limits.map(limit -> rounded(limit.readBytes() / 1e9)).orElse(null))
                .put("peak_ops_per_s", limits.map(limit -> rounded(limit.operations())).orElse(null))
                .put("threads_gain", limits.map(limit -> rounded(limit.gain())).orElse(null))
                .put("load_ms", rounded(loadMillis)).put("peak_mb", rounded(peakBytes / 1e6));
        ArrayNode list = json.putArray("runs");
        for (Figures run : runs) {
            list.addObject().put("parallel", run.parallel()).put("prompt", run.prompt()).put("generate", run.generate())
                    .put("prefill_tps", rounded(run.prefill())).put("decode_tps", rounded(run.decode()))
                    .put("first_token_ms", rounded(run.firstMillis())).put("next_token_ms", rounded(run.nextMillis()))
                    .put("weights_gb_per_s", rounded(weightBytes(run) / 1e9));
        }
        return json.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** For people: a table in Markdown. */
    String text() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s, %d threads, %s%n", model, threads, kernels));
        text.append(limits.map(limit -> String.format(Locale.ROOT,
                "memory %.1f GB/s, %s %.0f Gop/s at best, %.1f times as many as one thread; measured before and after%n",
                limit.readBytes() / 1e9, limit.instruction(), limit.operations() / 1e9, limit.gain()))
                .orElse("the machine's limits are not known: this build has no native code for it" + System.lineSeparator()));
        text.append(String.format(Locale.ROOT, "load %.0f ms, memory %.0f MB at most, of which %.0f MB are not the file's%n%n",
                loadMillis, peakBytes / 1e6, anonymousBytes / 1e6));
        text.append(String.format("| streams | prompt | prefill tokens/s | %% of peak | first token [ms] | decode tokens/s "
                + "| weights [GB/s] | %% of bandwidth | next token [ms] |%n|--:|--:|--:|--:|--:|--:|--:|--:|--:|%n"));
        for (Figures run : runs) {
            text.append(String.format(Locale.ROOT, "| %d | %d | %.1f | %s | %.0f | %.2f | %.1f | %s | %.1f |%n", run.parallel(),
                    run.prompt(), run.prefill(), share(run.prefill() * cost.readOperations(), MachineLimits::operations),
                    run.firstMillis(), run.decode(), weightBytes(run) / 1e9, share(weightBytes(run), MachineLimits::readBytes),
                    run.nextMillis()));
        }
        return text.toString();
    }

    /** Bytes of weights that are read a second while streams write: each step reads them once for all streams. */
    private double weightBytes(Figures run) {
        return run.decode() / run.parallel() * cost.bytes();
    }

    private String share(double used, ToDoubleFunction<MachineLimits> of) {
        return limits.map(limit -> String.format(Locale.ROOT, "%.0f", 100 * used / of.applyAsDouble(limit))).orElse("");
    }

    /**
     * Operations a second over operations per byte of weights: the roof is the memory on the left and the processor on the
     * right. Williams, Waterman, Patterson: Roofline, CACM 52(4), 2009.
     */
    Optional<String> roofline() {
        return limits.map(limit -> {
            double ridge = limit.operations() / limit.readBytes();
            double most = Math.max(10 * ridge, intensity(runs.getFirst().prompt(), cost.readOperations()) * 2);
            double[] xs = DoubleStream.of(0.5, 1, 2, 5, 10, ridge, most).sorted().toArray();
            LineChart chart = LineChart.titled("What is reached of what is possible").logX().logY()
                    .axes("operations per byte of weights", "operations/s [Gop/s]")
                    .series("possible", xs, DoubleStream.of(xs)
                            .map(x -> Math.min(limit.operations(), x * limit.readBytes()) / 1e9).toArray());
            double[] decodeX = runs.stream().mapToDouble(run -> intensity(run.parallel(), cost.operations())).toArray();
            double[] decodeY = runs.stream().mapToDouble(run -> run.decode() * cost.operations() / 1e9).toArray();
            double[] prefillX = runs.stream().mapToDouble(run -> intensity(run.prompt(), cost.readOperations())).toArray();
            double[] prefillY = runs.stream().mapToDouble(run -> run.prefill() * cost.readOperations() / 1e9).toArray();
            return chart.series("decode", decodeX, decodeY).series("prefill", prefillX, prefillY).svg();
        });
    }

    private double intensity(int tokens, long operations) {
        return (double) tokens * operations / cost.bytes();
    }
}
