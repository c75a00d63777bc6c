package org.alcove.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.Version;

/** Puts jars where File Install finds them, waits until they run, and takes them back where they do not. One at a time. */
final class PluginInstallation {

    private static final long LONGEST_SECONDS = 20;
    private static final long SERVICES_SECONDS = 2;

    private final BundleContext context;
    private final PluginFiles files;

    PluginInstallation(BundleContext context, PluginFiles files) {
        this.context = context;
        this.files = files;
    }

    Optional<Bundle> named(String id) {
        return Arrays.stream(context.getBundles()).filter(bundle -> id.equals(bundle.getSymbolicName())).findFirst();
    }

    /**
     * Installs a jar, or puts it in the place of a bundle.
     *
     * @param name of the file, where it is a new one
     * @return the bundle, which runs
     * @throws AdminException if it does not start; then all is as it was before
     */
    synchronized Bundle install(PluginFiles.Description description, Path jar, String name, Optional<Bundle> old)
            throws IOException {
        Path target = old.flatMap(PluginCatalogue::file).orElseGet(() -> files.folder().resolve(name));
        if (old.isEmpty() && Files.exists(target)) {
            throw AdminException.conflict("name_taken", "plugins/ has a file " + target.getFileName() + " already");
        }
        long before = old.map(Bundle::getLastModified).orElse(0L);
        Path kept = files.scratch();
        try {
            if (old.isPresent()) {
                Files.copy(target, kept, StandardCopyOption.REPLACE_EXISTING);
            }
            files.place(jar, target);
            if (!await(() -> runs(description, before))) {
                String why = named(description.id()).isPresent() ? "it does not start" : "it is not installed";
                takeBack(description.id(), old, kept, target);
                throw AdminException.conflict("does_not_start", description.id() + " " + description.version() + ": " + why
                        + " within " + LONGEST_SECONDS + " s; the server's log says why. All is as it was before");
            }
            if (old.isPresent()) {
                files.keep(description.id(), kept, target.getFileName().toString());
            } else {
                files.forget(description.id());
            }
            Bundle bundle = named(description.id()).orElseThrow();
            // Its services come a moment after it starts; the answer tells them.
            await(() -> bundle.getHeaders().get("Service-Component") == null || bundle.getRegisteredServices() != null,
                    SERVICES_SECONDS);
            return bundle;
        } finally {
            Files.deleteIfExists(kept);
        }
    }

    private void takeBack(String id, Optional<Bundle> old, Path kept, Path target) throws IOException {
        if (old.isPresent()) {
            Version version = PluginFiles.describe(kept).version();
            files.place(kept, target);
            await(() -> named(id).filter(bundle -> bundle.getState() == Bundle.ACTIVE && bundle.getVersion().equals(version))
                    .isPresent());
        } else {
            Files.deleteIfExists(target);
            await(() -> named(id).isEmpty());
        }
    }

    private boolean runs(PluginFiles.Description description, long before) {
        return named(description.id()).filter(bundle -> bundle.getState() == Bundle.ACTIVE
                && bundle.getVersion().equals(description.version()) && bundle.getLastModified() > before).isPresent();
    }

    /** Removes a bundle, and keeps its jar. */
    synchronized void remove(Bundle bundle) throws IOException {
        Path file = PluginCatalogue.file(bundle).orElseThrow();
        files.keep(bundle.getSymbolicName(), file, file.getFileName().toString());
        Files.delete(file);
        if (!await(() -> named(bundle.getSymbolicName()).isEmpty())) {
            throw new AdminException(502, "still_there", "the jar is gone, but the bundle was not uninstalled within "
                    + LONGEST_SECONDS + " s; the server's log says why");
        }
    }

    /** Waits until bundles have come to this, and tells whether they have. */
    private boolean await(BooleanSupplier goal) {
        return await(goal, LONGEST_SECONDS);
    }

    private boolean await(BooleanSupplier goal, long seconds) {
        Object changed = new Object();
        SynchronousBundleListener listener = (BundleEvent event) -> {
            synchronized (changed) {
                changed.notifyAll();
            }
        };
        context.addBundleListener(listener);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            synchronized (changed) {
                while (!goal.getAsBoolean()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (left <= 0) {
                        return false;
                    }
                    // An event may come between the look and the wait of another thread: look again now and then.
                    changed.wait(Math.min(left, 200));
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            context.removeBundleListener(listener);
        }
    }
}
