package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.checkpoint.StoredTensor;
import org.alcove.weights.gguf.GgufReader;
import org.alcove.weights.huggingface.FolderReader;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sealed.SealedContents;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads GGUF files and Hugging Face folders, plain and sealed. */
@Component
public final class MappedWeightStore implements WeightStore {

    private final KernelRegistry kernels;
    private final InterleavedCopies copies;

    @Activate
    public MappedWeightStore(@Reference KernelRegistry kernels, @Reference InterleavedCopies copies) {
        this.kernels = kernels;
        this.copies = copies;
    }

    /** A store that makes no copies. */
    public MappedWeightStore(KernelRegistry kernels) {
        this(kernels, InterleavedCopies.none());
    }

    @Override
    public ModelFile describe(Path path, KeyPlace key) throws IOException {
        if (SealedContents.isSealed(path)) {
            // Who keeps the description may read what lies beside the weights later on: the memory lives as long.
            return new DescribedModel(read(SealedContents.of(path, key, Arena.ofAuto()).model()));
        }
        return new DescribedModel(read(path));
    }

    @Override
    public OptionalLong sealedBytes(Path path) throws IOException {
        return SealedContents.isSealed(path) ? OptionalLong.of(SealedContents.plainBytes(path)) : OptionalLong.empty();
    }

    @Override
    public Weights open(Path path, KeyPlace key) throws IOException {
        Arena arena = Arena.ofShared();
        Optional<SealedContents> sealed = Optional.empty();
        try {
            if (SealedContents.isSealed(path)) {
                sealed = Optional.of(SealedContents.of(path, key, arena));
                sealed.get().openAll();
            }
            Checkpoint checkpoint = read(sealed.map(SealedContents::model).orElse(path));
            requireSupported(path, checkpoint);
            // Copies on a disk are for plain models only.
            InterleavedCopies wanted = sealed.isPresent() ? InterleavedCopies.none() : copies;
            return new MappedWeights(checkpoint, kernels, wanted, new MappedWeights.Source(arena, sealed));
        } catch (IOException | RuntimeException | Error e) {
            sealed.ifPresent(SealedContents::stop);
            arena.close();
            throw e;
        }
    }

    private static void requireSupported(Path path, Checkpoint checkpoint) throws ModelFormatException {
        if (checkpoint.refusal().isPresent()) {
            throw new ModelFormatException(path + ": this model cannot be loaded: " + checkpoint.refusal().get());
        }
        for (StoredTensor tensor : checkpoint.tensors().values()) {
            if (tensor.layout().isEmpty()) {
                throw new ModelFormatException(path + ": tensor " + tensor.name() + " is of type " + tensor.type()
                        + ", which is not supported; docs/formats.md lists the types that are");
            }
        }
    }

    private static Checkpoint read(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return FolderReader.read(absolute);
        }
        String name = String.valueOf(absolute.getFileName());
        if (name.endsWith(".safetensors") || name.endsWith(".json")) {
            throw new ModelFormatException(path + ": give the folder this file lies in; its other files are needed, too");
        }
        return GgufReader.read(absolute);
    }
}
