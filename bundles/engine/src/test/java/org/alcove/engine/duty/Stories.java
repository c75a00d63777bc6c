package org.alcove.engine.duty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;

/** The small trained model and what is known about it. */
final class Stories {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?");

    private Stories() {
    }

    static Weights open(QuantizationKernel... kernels) {
        try {
            return new MappedWeightStore(KernelRegistry.of(kernels)).open(file("stories260K.gguf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String name) {
        Path path = Path.of(System.getProperty("alcove.shared", "absent"), "data/models/stories260K", name);
        Assumptions.assumeTrue(Files.exists(path), () -> path + " is absent: the model's tests are skipped");
        return path;
    }

    static int[] greedyIds() {
        return numbers(golden("greedy_ids")).stream().mapToInt(Double::intValue).toArray();
    }

    static double[] firstLogits() {
        return numbers(golden("bos_logits_first16")).stream().mapToDouble(Double::doubleValue).toArray();
    }

    static double firstLogitSum() {
        return numbers(golden("bos_logit_sum")).getFirst();
    }

    /** Ten sequences of 200 ids. */
    static List<int[]> corpus() {
        List<int[]> sequences = new ArrayList<>();
        for (String part : read("sampled_corpus_ids.json").split("]")) {
            int[] ids = numbers(part).stream().mapToInt(Double::intValue).toArray();
            if (ids.length > 0) {
                sequences.add(ids);
            }
        }
        return sequences;
    }

    /** What follows a key, up to the next key or the end. */
    private static String golden(String key) {
        String json = read("golden.json");
        int start = json.indexOf('"' + key + '"') + key.length() + 3;
        int end = json.indexOf(", \"", start);
        return json.substring(start, end < 0 ? json.length() : end);
    }

    private static List<Double> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).map(Double::valueOf).toList();
    }

    private static String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
