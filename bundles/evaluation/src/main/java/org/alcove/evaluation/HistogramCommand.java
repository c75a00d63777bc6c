package org.alcove.evaluation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alcove.api.control.Command;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
import org.alcove.commandline.WholeFile;
import org.alcove.plot.LineChart;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove histogram}: how the weights of a matrix are spread, in one model or in several. */
@Component(property = {Command.NAME + "=histogram",
    Command.SUMMARY + "=Draw how the weights of a matrix are spread: TENSOR [LABEL=]MODEL ... --out FILE.svg [--bins N]"})
public final class HistogramCommand implements Command {

    private static final Usage USAGE = Usage.of("histogram", """
            usage: ./alcove histogram TENSOR [LABEL=]MODEL ... --out FILE.svg [--bins N]
              TENSOR   a matrix by its GGUF name, for example blk.0.attn_q.weight""", "--out", "--bins");
    private static final int USUAL_BINS = 200;
    private static final int MOST_BINS = 10_000;

    private final WeightStore store;

    @Activate
    public HistogramCommand(@Reference WeightStore store) {
        this.store = store;
    }

    private record Order(String tensor, List<String> models, Path out, int bins) {
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return USAGE.run(arguments, terminal, HistogramCommand::order, order -> run(order, terminal));
    }

    private int run(Order order, Terminal terminal) throws IOException {
        Map<String, double[]> weights = new LinkedHashMap<>();
        for (String word : order.models()) {
            int equals = word.indexOf('=');
            Path path = Path.of(word.substring(equals + 1));
            double[] values = values(path, order.tensor());
            weights.put(equals < 0 ? path.getFileName().toString() : word.substring(0, equals), values);
            terminal.out().printf(Locale.ROOT, "%s: %d weights%n", word, values.length);
        }
        WholeFile.write(order.out(), chart(order, weights).svg());
        return 0;
    }

    /** All in the same bins. */
    private static LineChart chart(Order order, Map<String, double[]> weights) {
        double least = weights.values().stream().flatMapToDouble(Arrays::stream).min().orElse(0);
        double greatest = weights.values().stream().flatMapToDouble(Arrays::stream).max().orElse(1);
        LineChart chart = LineChart.titled("Weights of " + order.tensor()).axes("weight", "how many");
        for (Map.Entry<String, double[]> model : weights.entrySet()) {
            chart = chart.histogram(model.getKey(), model.getValue(), order.bins(), least, greatest);
        }
        return chart;
    }

    private double[] values(Path path, String tensor) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(path + " does not exist; give a GGUF file or a Hugging Face folder");
        }
        try (Weights weights = store.open(path)) {
            if (!weights.has(tensor)) {
                throw new IOException(path + " has no tensor " + tensor + "; its matrices have names like blk.0.attn_q.weight");
            }
            FloatMatrix matrix = weights.floats(tensor);
            int columns = matrix.shape().columns();
            double[] values = new double[Math.toIntExact(matrix.shape().size())];
            float[] row = new float[columns];
            for (int i = 0; i < matrix.shape().rows(); i++) {
                matrix.read(new RowRange(i, i + 1), MemorySegment.ofArray(row));
                for (int j = 0; j < columns; j++) {
                    values[i * columns + j] = row[j];
                }
            }
            return values;
        }
    }

    private static Order order(CommandLine line) {
        List<String> words = line.words();
        if (words.size() < 2) {
            throw new IllegalArgumentException("TENSOR and at least one MODEL are needed");
        }
        return new Order(words.getFirst(), words.subList(1, words.size()), Path.of(line.needed("--out")),
                line.number("--bins", 1, MOST_BINS).orElse(USUAL_BINS));
    }
}
