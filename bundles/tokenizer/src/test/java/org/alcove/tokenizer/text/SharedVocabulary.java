package org.alcove.tokenizer.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alcove.weights.ModelFile;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.gguf.GgufReader;
import org.junit.jupiter.api.Assumptions;

/** A vocabulary of a published model and its expected ids. */
record SharedVocabulary(String name, ModelFile model) {

    /** A text and its ids. */
    record Case(String text, int[] ids) {
    }

    static SharedVocabulary open(String name) throws IOException {
        return new SharedVocabulary(name, read(Path.of("vocab", "ggml-vocab-" + name + ".gguf")));
    }

    static ModelFile read(Path inShared) throws IOException {
        return new DescribedModel(GgufReader.read(shared(inShared)));
    }

    static Path shared(Path path) {
        Path file = Path.of(System.getProperty("alcove.shared", "none")).resolve("data").resolve(path);
        Assumptions.assumeTrue(Files.exists(file), "no " + file + ": set the system property alcove.shared to the fixtures");
        return file;
    }

    /** The cases llama.cpp publishes beside the vocabulary. */
    List<Case> cases() throws IOException {
        String texts = Files.readString(shared(Path.of("vocab", "ggml-vocab-" + name + ".gguf.inp")), StandardCharsets.UTF_8);
        List<String> ids = Files.readAllLines(shared(Path.of("vocab", "ggml-vocab-" + name + ".gguf.out")));
        String[] split = texts.split("\n__ggml_vocab_test__\n", -1);
        List<Case> cases = new ArrayList<>();
        // The last text, too, is followed by the separator.
        for (int i = 0; i < split.length - 1; i++) {
            String line = ids.get(i).strip();
            cases.add(new Case(split[i], line.isEmpty() ? new int[0]
                    : Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray()));
        }
        if (cases.size() != ids.size()) {
            throw new IOException(cases.size() + " texts, but " + ids.size() + " lines of ids");
        }
        return cases;
    }
}
