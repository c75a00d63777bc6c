package org.alcove.launcher;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundle that hands out configurations and brings plug-ins, started in a thread of its own as soon as there is somebody to
 * take configurations: it copies files for as long as the rooms take to start, and the two go on side by side. What it brings
 * starts at a level of its own, when the rooms are there.
 */
final class FileInstall implements SynchronousBundleListener {

    static final String NAME = "org.apache.felix.fileinstall";
    private static final String CONFIGURATION_ADMIN = "org.apache.felix.configadmin";
    private static final Logger LOG = LoggerFactory.getLogger(FileInstall.class);

    private final Bundle bundle;
    private final int level;
    private final CompletableFuture<Void> firstRound = new CompletableFuture<>();

    /**
     * Starts nothing yet.
     *
     * @param bundle of a start level no higher than Configuration Admin's
     * @param level of what it brings, at which it is to stop, too, not after the rooms
     */
    FileInstall(Bundle bundle, int level) {
        this.bundle = bundle;
        this.level = level;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED && CONFIGURATION_ADMIN.equals(event.getBundle().getSymbolicName())) {
            Thread.ofPlatform().daemon().name("alcove-plugins").start(this::start);
        }
    }

    private void start() {
        try {
            // Looks through its folders once before it returns.
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            LOG.error("There are no plug-ins and no configuration: {} does not start", NAME, e);
        } finally {
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
