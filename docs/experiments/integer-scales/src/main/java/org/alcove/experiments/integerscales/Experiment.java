package org.alcove.experiments.integerscales;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a model whose matrices hold what is left of them after packing, in F32, and prints how much that is. */
public final class Experiment {

    private static final String USAGE =
            "usage: Experiment SOURCE.gguf TARGET.gguf plain-N|integer, and -searched or -weighed behind";

    private Experiment() {
    }

    /** Packs what {@code ./alcove quantize} packs: the matrices of the layers, but neither embedding nor head. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println(USAGE);
            System.exit(2);
        }
        Layout layout = layout(arguments[2]);
        GgufFile file = new GgufFile(Path.of(arguments[0]));
        Map<String, float[]> changed = new HashMap<>();
        double squares = 0;
        double errors = 0;
        long weights = 0;
        for (GgufFile.Tensor tensor : file.tensors()) {
            boolean dividable = tensor.dimensions()[0] % IntegerBlock.GROUP == 0 && tensor.weights() % IntegerBlock.WEIGHTS == 0;
            if (!tensor.name().startsWith("blk.") || tensor.dimensions().length != 2 || !dividable) {
                continue;
            }
            float[] before = file.values(tensor);
            float[] after = layout.approximate(before);
            for (int i = 0; i < before.length; i++) {
                squares += (double) before[i] * before[i];
                errors += ((double) before[i] - after[i]) * ((double) before[i] - after[i]);
            }
            weights += before.length;
            changed.put(tensor.name(), after);
        }
        file.write(Path.of(arguments[1]), changed);
        System.out.println(String.format(Locale.ROOT, "%s: %d matrices, %d weights, %.4f bits a weight, error %.4f %%",
                arguments[2], changed.size(), weights, layout.bitsPerWeight(), 100 * Math.sqrt(errors / squares)));
    }

    private static Layout layout(String name) {
        for (Search search : List.of(Search.WEIGHED, Search.SQUARES, Search.NONE)) {
            if (name.endsWith(search.suffix)) {
                String plain = name.substring(0, name.length() - search.suffix.length());
                if (plain.equals("integer")) {
                    return new IntegerScales(search);
                }
                if (plain.matches("plain-(32|64|128|256)")) {
                    return new PlainGroups(Integer.parseInt(plain.substring("plain-".length())), search);
                }
            }
        }
        throw new IllegalArgumentException(name + " is no layout known here; " + USAGE);
    }
}
