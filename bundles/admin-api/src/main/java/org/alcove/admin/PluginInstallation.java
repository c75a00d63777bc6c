package org.alcove.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.Version;

/** Puts jars where File Install finds them, waits until they run, and takes them back where they do not. One at a time. */
final class PluginInstallation {

    static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration SERVICES = Duration.ofSeconds(2);
    /** So many times as long a bundle may take that is being stopped: front ends let their answers run to their end. */
    private static final int LONGEST_STOP = 3;
    /** What File Install brought, and has not started in this part of the time, it could not start. */
    private static final int LEFT_PART = 10;
    /** Who has been starting or stopping for less than that is not why others do not come or go. */
    private static final Duration BLAMED = Duration.ofSeconds(5);

    /** What a bundle was before a jar took its place: when it was last changed, its state, and whether it offered services. */
    private record Past(long modified, int state, boolean served) { }

    private final BundleContext context;
    private final PluginFiles files;
    private final PluginComponents components;
    private final Supplier<Map<String, Duration>> turns;
    private final Duration longest;

    /**
     * Installs nothing yet.
     *
     * @param turns symbolic names of the plug-ins that are being started or stopped, and for how long
     * @param longest that File Install may take to bring or to remove a bundle
     */
    PluginInstallation(BundleContext context, PluginFiles files, PluginComponents components,
            Supplier<Map<String, Duration>> turns, Duration longest) {
        this.context = context;
        this.files = files;
        this.components = components;
        this.turns = turns;
        this.longest = longest;
    }

    Optional<Bundle> named(String id) {
        return Arrays.stream(context.getBundles()).filter(bundle -> id.equals(bundle.getSymbolicName())).findFirst();
    }

    /**
     * Installs a jar, or puts it in the place of a bundle.
     *
     * @param name of the file, where it is a new one
     * @return the bundle, which runs
     * @throws AdminException if it does not start; it says whether all is as it was before
     */
    synchronized Bundle install(PluginFiles.Description description, Path jar, String name, Optional<Bundle> old)
            throws IOException {
        Path target = old.flatMap(PluginCatalogue::file).orElseGet(() -> files.folder().resolve(name));
        if (old.isEmpty() && Files.exists(target)) {
            throw AdminException.conflict("name_taken", "plugins/ has a file " + target.getFileName() + " already");
        }
        Past past = new Past(old.map(Bundle::getLastModified).orElse(0L), old.map(Bundle::getState).orElse(Bundle.UNINSTALLED),
                old.map(Bundle::getRegisteredServices).isPresent());
        Path kept = files.scratch();
        try {
            if (old.isPresent()) {
                Files.copy(target, kept, StandardCopyOption.REPLACE_EXISTING);
            }
            files.place(jar, target);
            Optional<String> trouble = started(description, past.modified()).or(() -> failed(description.id(), past.served()));
            if (trouble.isPresent()) {
                String why = description.id() + " " + description.version() + ": " + trouble.get();
                throw old.isPresent() ? putBack(description, past, kept, target, why)
                        : takeAway(description.id(), target, why);
            }
            if (old.isPresent()) {
                files.keep(description.id(), kept, target.getFileName().toString());
            } else {
                files.forget(description.id());
            }
            return named(description.id()).orElseThrow();
        } finally {
            Files.deleteIfExists(kept);
        }
    }

    /** Why the components of a bundle that runs cannot serve; one that comes anew may wait for what it needs. */
    private Optional<String> failed(String id, boolean served) {
        Bundle bundle = named(id).orElseThrow();
        Optional<String> trouble = components.trouble(bundle);
        if (trouble.isPresent() || !PluginComponents.has(bundle)) {
            return trouble;
        }
        // Its services come a moment after it starts; the answer tells them.
        if (await(id, () -> bundle.getRegisteredServices() != null, SERVICES)) {
            return components.unusable(bundle, context);
        }
        return served ? Optional.of("the one before offered services, and this one does not: " + components.missing(bundle))
                : Optional.empty();
    }

    /** Waits until it runs; otherwise why it does not. Where that is clear at once nobody waits for it any longer. */
    private Optional<String> started(PluginFiles.Description description, long before) {
        AtomicLong leftSince = new AtomicLong();
        await(description.id(), () -> runs(description, before) || isLeft(description, before, leftSince));
        if (!runs(description, before) && isLeft(description, before, leftSince)) {
            try {
                named(description.id()).orElseThrow().start(Bundle.START_ACTIVATION_POLICY);
            } catch (BundleException e) {
                return Optional.of("it does not start: " + Stream.of(e, e.getCause()).filter(Objects::nonNull)
                        .map(it -> String.valueOf(it.getMessage()).lines().findFirst().orElse("")).distinct()
                        .collect(Collectors.joining(": ")));
            }
            await(description.id(), () -> runs(description, before));
        }
        return runs(description, before) ? Optional.empty()
                : Optional.of((named(description.id()).isPresent() ? "it does not start" : "it is not installed")
                        + inTime(description.id()));
    }

    /** Whether File Install has brought it, and must have tried to start it by now. */
    private boolean isLeft(PluginFiles.Description description, long before, AtomicLong since) {
        boolean idle = !turns.get().containsKey(description.id()) && brought(description, before)
                .filter(bundle -> (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0).isPresent();
        long now = System.nanoTime();
        if (!idle) {
            since.set(0);
        } else {
            since.compareAndSet(0, now);
        }
        return idle && now - since.get() >= longest.dividedBy(LEFT_PART).toNanos();
    }

    private Optional<Bundle> brought(PluginFiles.Description description, long before) {
        return named(description.id()).filter(bundle -> bundle.getVersion().equals(description.version())
                && bundle.getLastModified() > before);
    }

    private AdminException putBack(PluginFiles.Description failed, Past past, Path kept, Path target, String why)
            throws IOException {
        String id = failed.id();
        Version version = PluginFiles.describe(kept).version();
        // The one that failed may be of the same version.
        long brought = brought(failed, past.modified()).map(Bundle::getLastModified).orElse(0L);
        files.place(kept, target);
        boolean back = await(id, () -> named(id).filter(bundle -> bundle.getVersion().equals(version)
                && bundle.getLastModified() > brought
                && (isActive(bundle) && (!past.served() || bundle.getRegisteredServices() != null)
                || bundle.getState() == past.state() && past.state() != Bundle.ACTIVE)).isPresent());
        return refusal(why, back, "the jar of " + version + " is back in plugins/, but ", id);
    }

    private AdminException takeAway(String id, Path target, String why) throws IOException {
        files.remove(target);
        return refusal(why, await(id, () -> named(id).isEmpty()), "its jar is gone from plugins/, but ", id);
    }

    private AdminException refusal(String why, boolean back, String jar, String id) {
        if (back) {
            return AdminException.conflict("does_not_start", why + ". All is as it was before");
        }
        return new AdminException(502, "not_restored", why + ". Not all is as it was before: " + jar + id + named(id)
                .map(bundle -> " " + bundle.getVersion() + " is " + PluginDesk.state(bundle)).orElse(" is not installed"));
    }

    /** How long that was waited for, and for whom if that can be told; the jar of the bundle itself is out of the way. */
    private String inTime(String id) {
        return " within " + longest.toSeconds() + " s; " + turns.get().entrySet().stream()
                .filter(turn -> turn.getValue().compareTo(BLAMED) >= 0).max(Map.Entry.comparingByValue())
                .map(turn -> turn.getKey() + " has been " + deed(turn.getKey()) + " for " + turn.getValue().toSeconds()
                        + " s, and plugins/ waits for it: if that does not end, start the server again"
                        + (turn.getKey().equals(id) ? "" : " without its jar in plugins/"))
                .orElse("the server's log says why");
    }

    private String deed(String id) {
        return isStopping(id) ? "stopping" : "starting";
    }

    /** A bundle is active before its components are. */
    private boolean isActive(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE && !turns.get().containsKey(bundle.getSymbolicName());
    }

    private boolean runs(PluginFiles.Description description, long before) {
        return brought(description, before).filter(this::isActive).isPresent();
    }

    /** Removes a bundle, and keeps its jar. */
    synchronized void remove(Bundle bundle) throws IOException {
        Path file = PluginCatalogue.file(bundle).orElseThrow();
        // Gone already where it was not uninstalled in time before.
        if (Files.exists(file)) {
            files.keep(bundle.getSymbolicName(), file, file.getFileName().toString());
            files.remove(file);
        }
        if (!await(bundle.getSymbolicName(), () -> bundle.getState() == Bundle.UNINSTALLED)) {
            throw new AdminException(502, "still_there", "the jar is gone, but the bundle was not uninstalled"
                    + inTime(bundle.getSymbolicName()));
        }
    }

    /** Waits until bundles have come to this, and tells whether they have. */
    private boolean await(String id, BooleanSupplier goal) {
        return await(id, goal, longest);
    }

    private boolean isStopping(String id) {
        return named(id).filter(bundle -> bundle.getState() == Bundle.STOPPING).isPresent();
    }

    private boolean await(String id, BooleanSupplier goal, Duration longest) {
        Object changed = new Object();
        SynchronousBundleListener listener = (BundleEvent event) -> {
            synchronized (changed) {
                changed.notifyAll();
            }
        };
        context.addBundleListener(listener);
        long begin = System.nanoTime();
        long end = begin + longest.toNanos();
        try {
            synchronized (changed) {
                while (!goal.getAsBoolean()) {
                    long now = System.nanoTime();
                    if (now - begin < LONGEST_STOP * longest.toNanos() && isStopping(id)) {
                        end = now + longest.toNanos();
                    }
                    long left = TimeUnit.NANOSECONDS.toMillis(end - now);
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
