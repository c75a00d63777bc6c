package org.alcove.weights.huggingface;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.Checkpoint.WeightFile;
import org.alcove.weights.checkpoint.StoredTensor.Section;

/**
 * The tensors of a folder by their Hugging Face names, wherever they lie.
 *
 * @param files files that hold them
 * @param tensors tensors, in the order of the files
 */
record ShardedTensors(List<WeightFile> files, Map<String, Located> tensors) {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_INDEX = 64L << 20;
    /** No folders: a name from a file must not lead out of the model's own. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]+\\.safetensors");
    private static final int MAX_FILES = 1024;

    /** A tensor and where its bytes lie. */
    record Located(SafetensorsType type, List<Long> shape, Section section) {
    }

    /** Reads the headers of all weight files of a folder; a folder without any has no tensors. */
    static ShardedTensors read(Path folder) throws IOException {
        ShardedTensors all = new ShardedTensors(new ArrayList<>(), new LinkedHashMap<>());
        Path index = folder.resolve(INDEX);
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            all.add(Safetensors.read(folder.resolve(SINGLE)));
        } else if (Files.isRegularFile(index)) {
            all.addIndexed(folder, JsonFiles.read(index, MAX_INDEX));
        } else {
            Optional<Path> only = onlyFile(folder);
            if (only.isPresent()) {
                all.add(Safetensors.read(only.get()));
            }
        }
        return all;
    }

    private void addIndexed(Path folder, JsonObject index) throws IOException {
        JsonObject map = index.object("weight_map").orElseThrow(() -> index.error("weight_map", "it is missing"));
        Set<String> names = new LinkedHashSet<>();
        for (String tensor : map.keys()) {
            String file = map.text(tensor).orElseThrow();
            if (!PLAIN_NAME.matcher(file).matches()) {
                throw map.error(tensor, "it lies in a file named " + file + ", which is no plain *.safetensors name");
            }
            names.add(file);
            if (names.size() > MAX_FILES) {
                throw index.error("weight_map", "it names more than " + MAX_FILES + " files");
            }
        }
        for (String name : names) {
            add(Safetensors.read(folder.resolve(name)));
        }
        for (String tensor : map.keys()) {
            Located located = tensors.get(tensor);
            String file = map.text(tensor).orElseThrow();
            if (located == null || !files.get(located.section().file()).path().endsWith(file)) {
                throw map.error(tensor, "it is not in " + file);
            }
        }
    }

    private void add(Safetensors.Header header) throws ModelFormatException {
        int file = files.size();
        files.add(new WeightFile(header.file(), header.bytes()));
        for (Safetensors.Entry entry : header.entries()) {
            Section section = new Section(file, entry.offset(), entry.bytes());
            if (tensors.put(entry.name(), new Located(entry.type(), entry.shape(), section)) != null) {
                throw new ModelFormatException(header.file() + ": tensor " + entry.name() + " is in another file, too");
            }
            if (tensors.size() > Checkpoint.MAX_TENSORS) {
                throw new ModelFormatException(header.file() + ": the files have more than " + Checkpoint.MAX_TENSORS
                        + " tensors");
            }
        }
    }

    private static Optional<Path> onlyFile(Path folder) throws IOException {
        try (var listing = Files.newDirectoryStream(folder, "*.safetensors")) {
            List<Path> found = new ArrayList<>();
            listing.forEach(found::add);
            if (found.size() > 1) {
                throw new ModelFormatException(folder + ": it has " + found.size() + " *.safetensors files, but neither "
                        + SINGLE + " nor " + INDEX);
            }
            return found.stream().findFirst();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
