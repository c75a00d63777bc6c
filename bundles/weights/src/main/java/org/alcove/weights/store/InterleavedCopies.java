package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.configuration.GivenValues;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes interleaved copies of weights, one at a time, on threads of its own that give way to others ({@link CopyCrew}): from a
 * folder that all processes of one account share, else in memory where that is allowed.
 *
 * <p>A copy belongs to the state of the files (device, inode, size, time of the last change) that were mapped, the table of their
 * tensors and the layouts the kernels prefer; {@link #key} is the hash of all that. A file that changes while it is copied makes
 * no copy.
 */
@Component(service = InterleavedCopies.class, configurationPid = "org.alcove.weights.copies")
@Designate(ocd = CopyConfiguration.class)
public final class InterleavedCopies {

    /** Version of the layouts of InterleavedRows and of CopyFile. */
    private static final int VERSION = 1;
    private static final Logger LOG = LoggerFactory.getLogger(InterleavedCopies.class);
    /** Framework property with the folder where none is configured. */
    private static final String FOLDER = "alcove.copies";

    private volatile CopySettings settings;
    private final String standard;
    private final LongSupplier availableMemory;
    private final ExecutorService thread;
    private final Map<ModelCopy, Future<?>> jobs = new ConcurrentHashMap<>();

    /** Makes copies as configured, by default in the folder that the framework property {@code alcove.copies} names. */
    @Activate
    public InterleavedCopies(Map<String, Object> given, BundleContext context) {
        this(begin(given, context.getProperty(FOLDER)), AvailableMemory::bytes, context.getProperty(FOLDER));
    }

    /** Makes copies as told, of no more bytes than are available. */
    public InterleavedCopies(CopySettings settings, LongSupplier availableMemory) {
        this(settings, availableMemory, null);
    }

    private InterleavedCopies(CopySettings settings, LongSupplier availableMemory, String standard) {
        this.settings = settings;
        this.standard = standard;
        this.availableMemory = availableMemory;
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("alcove-copy").factory());
    }

    private static ConfigurationReader<CopySettings> reader(String standard) {
        return new ConfigurationReader<>("org.alcove.weights.copies", CopyConfiguration.class,
                values -> CopySettings.of(values, standard), LOG);
    }

    private static CopySettings begin(Map<String, Object> given, String standard) {
        try {
            return reader(standard).first(given, "no interleaved copies are made");
        } catch (IOException | IllegalArgumentException told) {
            // Models are served without copies, too; none is made that somebody may not have wanted.
            return CopySettings.OFF;
        }
    }

    /** For copies that are made from now on. */
    @Modified
    void change(Map<String, Object> given) {
        reader(standard).next(given).ifPresent(next -> settings = next);
    }

    /** Never makes a copy. */
    static InterleavedCopies none() {
        return new InterleavedCopies(CopySettings.OFF, () -> 0);
    }

    /** Makes a copy of a model in the background, where it is worth it. */
    void make(ModelCopy model) {
        if (settings.enabled()) {
            jobs.compute(model, (key, last) -> last == null || last.isDone() ? thread.submit(() -> run(model)) : last);
        }
    }

    /** Gives up making a copy. */
    void forget(ModelCopy model) {
        Future<?> job = jobs.remove(model);
        if (job != null) {
            job.cancel(true);
        }
    }

    /** Waits until what was asked for is done, and makes no more copies. */
    public void await() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(10, TimeUnit.MINUTES);
    }

    @Deactivate
    void close() {
        thread.shutdownNow();
    }

    private void run(ModelCopy model) {
        if (!model.begin()) {
            return;
        }
        Arena arena = Arena.ofShared();
        boolean used = false;
        try {
            used = copied(model, arena);
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            LOG.debug("The copy of model {} is given up: it is closed", model.name());
        } catch (IOException | RuntimeException | Error e) {
            // Errors, too, as of memory that is not there: nobody asks this thread how it ended.
            LOG.warn("Model {} is multiplied where its file lies: no interleaved copy could be made: {}", model.name(),
                    e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            if (!used) {
                arena.close();
            }
            model.end();
        }
    }

    private boolean copied(ModelCopy model, Arena arena) throws IOException {
        CopyPlan plan = model.plan();
        long start = System.nanoTime();
        String refusal = refusal(plan);
        if (!refusal.isEmpty()) {
            LOG.info("Model {} is multiplied where its file lies: {}", model.name(), refusal);
            return false;
        }
        MemorySegment memory;
        Optional<MappedFiles> file = Optional.empty();
        String where = "memory";
        try {
            MappedFiles mapped = inFolder(model, plan, arena);
            memory = CopyFile.copies(mapped);
            file = Optional.of(mapped);
            where = settings.folder().toString();
        } catch (IOException e) {
            if (plan.bytes() > settings.memoryBytes() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.info("The interleaved copy of model {} cannot lie in {}, memory is tried: {}", model.name(), settings.folder(),
                    e.getMessage());
            memory = inMemory(model, plan, arena);
        }
        model.use(plan, memory, file, arena);
        LOG.info("Model {} is multiplied from an interleaved copy from the next layer on, as its kernels prefer: {} matrices, "
                + "{} MB in {}, after {} ms", model.name(), plan.parts().size(), plan.bytes() >> 20, where,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return true;
    }

    private String refusal(CopyPlan plan) {
        if (plan.parts().isEmpty()) {
            return "no kernel in use is quicker with interleaved rows";
        }
        if (plan.bytes() < settings.minBytes()) {
            return "a copy of " + (plan.bytes() >> 20) + " MB is below model_min_mb, " + (settings.minBytes() >> 20);
        }
        long available = availableMemory.getAsLong();
        return plan.bytes() <= available ? "" : "a copy needs " + (plan.bytes() >> 20) + " MB of memory, and "
                + (available >> 20) + " MB are available";
    }

    private static MemorySegment inMemory(ModelCopy model, CopyPlan plan, Arena arena) throws IOException {
        MemorySegment memory = arena.allocate(plan.bytes(), 64);
        plan.write(model.kernels(), CopyCrew.threads(),
                (offset, bytes) -> memory.asSlice(offset, bytes.byteSize()).copyFrom(bytes));
        return memory;
    }

    private MappedFiles inFolder(ModelCopy model, CopyPlan plan, Arena arena) throws IOException {
        List<FileIdentity> files = model.unchangedFiles();
        if (files.isEmpty()) {
            throw new IOException("the files' states are not known, or changed since they were mapped");
        }
        CopyFile.Copies copies = new CopyFile.Copies() {
            @Override
            public void writeTo(CopyPlan.Sink sink) throws IOException {
                plan.write(model.kernels(), CopyCrew.threads(), sink);
            }

            @Override
            public boolean isPublic() {
                return model.isPublic();
            }

            @Override
            public void check() throws IOException {
                if (!files.equals(model.unchangedFiles())) {
                    throw new IOException("the model changed while it was copied; load it again");
                }
            }
        };
        return new CopyFolder(settings.folder(), settings.folderBytes())
                .copies(key(model, plan, files), plan.bytes(), model.path(), copies, arena);
    }

    private static byte[] key(ModelCopy model, CopyPlan plan, List<FileIdentity> files) {
        MessageDigest digest = Digests.sha256();
        digest.update((VERSION + "\n" + files + "\n" + model.tensors()).getBytes(StandardCharsets.UTF_8));
        for (CopyPlan.Part part : plan.parts()) {
            digest.update(("\n" + part.matrix().name() + " " + part.layout()).getBytes(StandardCharsets.UTF_8));
        }
        return digest.digest();
    }

    /**
     * What the configuration says.
     *
     * @param enabled whether copies are made at all
     * @param folder where
     * @param folderBytes most bytes of all copies
     * @param memoryBytes most bytes of a copy in memory
     * @param minBytes fewest bytes that are worth copying
     */
    public record CopySettings(boolean enabled, Path folder, long folderBytes, long memoryBytes, long minBytes) {

        static final CopySettings OFF = new CopySettings(false, Path.of("copies"), 0, 0, 0);

        /** @throws IllegalArgumentException if a value cannot be; says what can */
        static CopySettings of(GivenValues values, String standard) {
            String folder = values.text("folder");
            boolean enabled = switch (values.text("interleaved_copy")) {
                case "auto" -> true;
                case "off" -> false;
                default -> throw values.refusal("interleaved_copy", "auto and off are possible");
            };
            return new CopySettings(enabled,
                    Path.of(!folder.isEmpty() ? folder : standard == null ? "copies" : standard),
                    (long) values.integer("folder_max_gb", 0) << 30, (long) values.integer("memory_max_gb", 0) << 30,
                    (long) values.integer("model_min_mb", 0) << 20);
        }
    }
}
