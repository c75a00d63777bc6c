package org.alcove.weights.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.StoredTensor;

/** Reads the header of a GGUF file, of all its parts where it is split. */
public final class GgufReader {

    private static final int MAGIC = 0x46554747;
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final int MAX_PARTS = 1024;
    private static final long DEFAULT_ALIGNMENT = 32;

    /** Rotary pairs of each architecture as its GGUF files hold them; see {@link ModelFile#ROPE_PAIRING}. */
    private static final Map<String, String> ROPE_PAIRINGS = Map.of("llama", "adjacent", "mistral", "adjacent", "yi", "adjacent",
            "baichuan", "adjacent", "qwen2", "halves", "qwen3", "halves");

    private GgufReader() {
    }

    /**
     * Reads what a file says.
     *
     * @param path the file, or the first part of a split one
     * @throws ModelFormatException if it is damaged, hostile or not supported
     */
    public static Checkpoint read(Path path) throws IOException {
        GgufPart first = part(path);
        long parts = first.whole("split.count", 1);
        Collected collected = new Collected(new LinkedHashMap<>(), new ArrayList<>());
        if (parts <= 1) {
            collected.add(path, first);
            return checkpoint(path, stem(path), first, collected);
        }
        Matcher name = firstPartName(path, first, parts);
        collected.add(path, first);
        for (int i = 1; i < parts; i++) {
            Path file = path.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), i + 1, parts));
            if (!Files.isRegularFile(file)) {
                throw new ModelFormatException(path + ": part " + (i + 1) + " of " + parts + " is missing: there is no " + file);
            }
            collected.add(file, samePart(file, part(file), i, parts));
        }
        long expected = first.whole("split.tensors.count", collected.tensors.size());
        if (expected != collected.tensors.size()) {
            throw new ModelFormatException(path + ": split.tensors.count is " + expected + ", but the " + parts + " parts hold "
                    + collected.tensors.size() + " tensors");
        }
        return checkpoint(path, name.group(1), first, collected);
    }

    private static Checkpoint checkpoint(Path path, String name, GgufPart first, Collected collected) {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>(first.metadata());
        if (metadata.get("general.architecture") instanceof MetadataValue.Text(String architecture)
                && ROPE_PAIRINGS.containsKey(architecture)) {
            metadata.putIfAbsent(ModelFile.ROPE_PAIRING, new MetadataValue.Text(ROPE_PAIRINGS.get(architecture)));
        }
        Optional<String> refusal = collected.tensors.isEmpty() ? Optional.of("it holds no tensors, only a vocabulary")
                : Optional.empty();
        return new Checkpoint(path, name, metadata, collected.tensors, collected.files, refusal);
    }

    private static Matcher firstPartName(Path path, GgufPart first, long parts) throws ModelFormatException {
        if (parts > MAX_PARTS) {
            throw new ModelFormatException(path + ": split.count is " + parts + ", more than " + MAX_PARTS);
        }
        Matcher name = PART.matcher(path.getFileName().toString());
        if (!name.matches() || Integer.parseInt(name.group(3)) != parts) {
            throw new ModelFormatException(path + ": it is one of " + parts + " parts, but is not named like"
                    + " name-00001-of-%05d.gguf; give the parts their names back".formatted(parts));
        }
        long number = first.whole("split.no", -1);
        if (number != 0) {
            throw new ModelFormatException(path + ": it is part " + (number + 1) + " of " + parts + "; open "
                    + "%s-00001-of-%05d.gguf".formatted(name.group(1), parts));
        }
        if (Integer.parseInt(name.group(2)) != 1) {
            throw new ModelFormatException(path + ": split.no says part 1, its name part " + name.group(2));
        }
        return name;
    }

    private static GgufPart samePart(Path file, GgufPart part, int number, long parts) throws ModelFormatException {
        if (part.whole("split.no", -1) != number || part.whole("split.count", -1) != parts) {
            throw new ModelFormatException(file + ": split.no and split.count are " + part.whole("split.no", -1) + " and "
                    + part.whole("split.count", -1) + ", not " + number + " and " + parts);
        }
        return part;
    }

    private static GgufPart part(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(path + ": there is no such file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            GgufInput in = new GgufInput(path, channel);
            checkMagic(in);
            in.at("the number of tensors");
            long tensors = in.count("tensors", GgufTensors.maxCount(in));
            in.at("the number of keys");
            long keys = in.count("keys", GgufMetadata.maxCount(in));
            Map<String, MetadataValue> metadata = new GgufMetadata(in).read(keys);
            return new GgufPart(in.size(), metadata, new GgufTensors(in, alignment(in, metadata)).read(tensors));
        }
    }

    static void checkMagic(GgufInput in) throws IOException {
        if (in.int32() != MAGIC) {
            throw in.error("it does not begin with GGUF; this is not a GGUF file");
        }
        int version = in.int32();
        if ((version & 0xffff) == 0) {
            throw in.error("version " + Integer.toUnsignedString(version)
                    + " means big-endian numbers, which are not supported; convert it for little-endian machines");
        }
        if (version != 2 && version != 3) {
            throw in.error("version " + Integer.toUnsignedString(version) + " is not supported, 2 and 3 are; convert it again"
                    + " with current tools");
        }
    }

    private static long alignment(GgufInput in, Map<String, MetadataValue> metadata) throws ModelFormatException {
        MetadataValue value = metadata.get("general.alignment");
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        in.at("key general.alignment");
        if (!(value instanceof MetadataValue.Whole(long alignment))) {
            throw in.error("it is not an integer");
        }
        if (alignment < 1 || alignment > 1 << 30 || Long.bitCount(alignment) != 1) {
            throw in.error(alignment + " is not a power of two up to " + (1 << 30));
        }
        return alignment;
    }

    private static String stem(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    }

    private record Collected(Map<String, StoredTensor> tensors, List<Checkpoint.WeightFile> files) {

        void add(Path path, GgufPart part) throws ModelFormatException {
            int file = files.size();
            files.add(new Checkpoint.WeightFile(path, part.bytes()));
            for (GgufPart.Entry entry : part.tensors()) {
                StoredTensor tensor = new StoredTensor(entry.name(), entry.type().name(), entry.type().layout(), entry.shape(),
                        entry.vector(), List.of(new StoredTensor.Section(file, entry.offset(), entry.bytes())));
                if (tensors.put(entry.name(), tensor) != null) {
                    throw new ModelFormatException(path + ": tensor " + entry.name() + " is in an earlier part, too");
                }
            }
        }
    }
}
