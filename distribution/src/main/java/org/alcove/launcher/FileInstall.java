package org.alcove.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle that hands out configurations and brings plug-ins, started in a thread of its own as soon as there is somebody to
 * take configurations: it copies files for as long as the rooms take to start, and the two go on side by side. But no room starts
 * before all configurations are there: one that came later would start rooms anew, and take a model away that was served already.
 * What it brings starts at a level of its own, when the rooms are there.
 */
final class FileInstall implements SynchronousBundleListener, ServiceListener {

    static final String NAME = "org.apache.felix.fileinstall";
    private static final String CONFIGURATION_ADMIN = "(objectClass=org.osgi.service.cm.ConfigurationAdmin)";
    private static final Logger LOG = LoggerFactory.getLogger(FileInstall.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Bundle bundle;
    private final int level;
    private final int configuredLevel;
    private final Path plugins;
    private final AtomicBoolean called = new AtomicBoolean();
    private final CompletableFuture<Void> configurations = new CompletableFuture<>();
    private final CompletableFuture<Void> firstRound = new CompletableFuture<>();

    /**
     * Starts nothing yet.
     *
     * @param bundle of a start level no higher than Configuration Admin's
     * @param level of what it brings, at which it is to stop, too, not after the rooms
     * @param configuredLevel from which on bundles start only once configurations have been handed out
     * @param plugins the folder that it brings them from
     */
    FileInstall(Bundle bundle, int level, int configuredLevel, Path plugins) {
        this.bundle = bundle;
        this.plugins = plugins;
        this.level = level;
        this.configuredLevel = configuredLevel;
    }

    /** Starts it when the time has come; before any bundle is started, and after those of the home have been installed. */
    void watch(BundleContext system) throws BundleException {
        system.addBundleListener(this);
        PluginWatch turns = new PluginWatch(system, level, System::nanoTime);
        turns.begin();
        PluginFolder folder = new PluginFolder(system, plugins, System::nanoTime);
        folder.listen();
        nowAndThen("alcove-plugin-watch", turns::look);
        // Apart, since bringing something in again waits for plug-ins that hang, and those are to be told of.
        nowAndThen("alcove-plugin-folder", () -> {
            if (firstRound.isDone()) {
                folder.look();
            }
        });
        try {
            system.addServiceListener(this, CONFIGURATION_ADMIN);
        } catch (InvalidSyntaxException e) {
            throw new BundleException(e.getMessage(), e);
        }
    }

    /** For as long as there is a framework. */
    private static void nowAndThen(String name, Runnable look) {
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        looking.scheduleWithFixedDelay(() -> {
            try {
                look.run();
            } catch (IllegalStateException stopped) {
                looking.shutdown();
            }
        }, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The service comes after its bundle has started: it waits for what reads the configurations' variables. */
    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED && called.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("alcove-plugins").start(this::start);
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle changed = event.getBundle();
        if (event.getType() == BundleEvent.INSTALLED) {
            // The folder of configurations is the first that it looks through: the first plug-in comes after the last of them.
            configurations.complete(null);
        } else if (event.getType() == BundleEvent.STARTING
                && changed.adapt(BundleStartLevel.class).getStartLevel() >= configuredLevel) {
            configurations.join();
        }
    }

    private void start() {
        try {
            // Looks through its folders once before it returns.
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            LOG.error("There are no plug-ins and no configuration: {} does not start", NAME, e);
        } finally {
            configurations.complete(null);
            firstRound.complete(null);
        }
    }

    /**
     * Waits until it has brought what was in its folders, and starts that: what came before the framework was at its level, File
     * Install itself would start half a second later.
     */
    void startFirstRound(BundleContext context) {
        firstRound.join();
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        Stream.of(context.getBundles()).filter(this::isWaiting).sorted(Comparator.comparing(Bundle::getSymbolicName))
                .forEach(FileInstall::startPlugin);
    }

    private boolean isWaiting(Bundle plugin) {
        return plugin.adapt(BundleStartLevel.class).getStartLevel() == level
                && (plugin.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
                && !RunningFramework.isFragment(plugin);
    }

    private static void startPlugin(Bundle plugin) {
        try {
            plugin.start();
        } catch (BundleException e) {
            LOG.debug("File Install tries {} again and says what is wrong", plugin.getSymbolicName(), e);
        }
    }
}
