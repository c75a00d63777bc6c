package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.LoggerFactory;

/**
 * The OSGi framework with the bundles of a home. Bundles of {@code system/NN} start at level NN; those in {@code plugins/} and
 * the files in {@code conf/} come through File Install, which watches both folders.
 */
final class RunningFramework {

    /** Start level at which everything runs; a folder of bundles with a higher number would never start. */
    private static final int FULL_LEVEL = 30;
    /**
     * File Install starts here, so that what is in {@code plugins/} finds the rooms it plugs into. Then all is there that
     * answers; the framework's own console and shell come after it.
     */
    private static final int PLUGIN_LEVEL = 25;
    private static final long STOP_SECONDS = 30;

    /** Logging stands on the launcher's class path, so that it works before and after the framework does. */
    private static final String LOGGING_PACKAGES = loggingPackages("2.0.17") + "," + loggingPackages("1.7.36");

    /**
     * The framework's own console opens behind the login of the pages beside it, and never with a password of its own: none has
     * this hash.
     */
    private static final Map<String, String> FRAMEWORK_CONSOLE = Map.of("felix.webconsole.manager.root", "/admin/felix",
            "felix.webconsole.security.providers", "org.alcove.console", "felix.webconsole.password", "{sha-256}none");

    private final Framework framework;
    private final CompletableFuture<Boolean> vectorApi;

    private RunningFramework(Framework framework, CompletableFuture<Boolean> vectorApi) {
        this.framework = framework;
        this.vectorApi = vectorApi;
    }

    /**
     * Makes a framework and installs the bundles of the home. Nothing is started yet.
     *
     * @param home where the bundles are
     * @param storage folder for the framework's own files; emptied
     * @param settings further framework properties
     * @param vectorApi completes once it is known whether the Java Vector API is there; nothing is started before
     */
    static RunningFramework install(Home home, Path storage, Map<String, String> settings, CompletableFuture<Boolean> vectorApi)
            throws BundleException {
        Map<String, String> properties = new HashMap<>(settings);
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(PLUGIN_LEVEL));
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, LOGGING_PACKAGES + "," + VectorApi.PACKAGE);
        properties.put("felix.service.urlhandlers", "false");
        // Configuration first, so that HTTP starts and models are mapped while plug-ins are still being installed.
        properties.put("felix.fileinstall.dir", home.configuration() + "," + home.plugins());
        properties.put("felix.fileinstall.poll", "500");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.start.level", Integer.toString(PLUGIN_LEVEL));
        properties.put("felix.fileinstall.log.level", "3");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.tmpdir", storage.resolveSibling("fileinstall").toString());
        properties.put("felix.cm.config.plugins", "org.apache.felix.configadmin.plugin.interpolation");
        properties.put("org.apache.felix.http.require.config", "true");
        properties.put("org.osgi.service.log.admin.loglevel", "INFO");
        // What goes wrong with components before the log service is there, Declarative Services writes out by itself.
        properties.put("ds.loglevel", "warn");
        properties.putAll(FRAMEWORK_CONSOLE);
        // Room for all that is logged before anyone listens.
        properties.put("org.apache.felix.log.maxSize", "2000");
        Framework framework = ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(properties);
        framework.init();
        if (settings.containsKey(SealedBundles.POLICY)) {
            sealed(framework, home, settings);
        } else {
            for (Path level : home.levels()) {
                installLevel(framework, level);
            }
        }
        // All at once, which is less work than each when it starts.
        framework.adapt(FrameworkWiring.class).resolveBundles(null);
        return new RunningFramework(framework, vectorApi);
    }

    private static void sealed(Framework framework, Home home, Map<String, String> settings) throws BundleException {
        try {
            SealedBundles.of(settings, PLUGIN_LEVEL).install(framework, home);
        } catch (IOException e) {
            throw new BundleException(e.getMessage(), e);
        }
    }

    private static void installLevel(Framework framework, Path folder) throws BundleException {
        int level = Integer.parseInt(folder.getFileName().toString());
        for (Path jar : Home.list(folder)) {
            Bundle bundle = framework.getBundleContext().installBundle("reference:" + jar.toUri());
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            if (!fragment) {
                bundle.start();
            }
        }
    }

    private static String loggingPackages(String version) {
        String suffix = ";version=" + version;
        return "org.slf4j" + suffix + ",org.slf4j.spi" + suffix + ",org.slf4j.event" + suffix + ",org.slf4j.helpers" + suffix;
    }

    /** Publishes a service of the launcher, for bundles to find. */
    <T> void publish(Class<T> type, T service, Map<String, ?> properties) {
        framework.getBundleContext().registerService(type, service, new Hashtable<>(properties));
    }

    /** Starts what it takes to answer, plug-ins included. */
    void start() throws BundleException {
        vectorApi.join();
        framework.start();
    }

    /** Starts the rest, which people may want and no request waits for; returns before that is done. */
    void complete() {
        framework.adapt(FrameworkStartLevel.class).setStartLevel(FULL_LEVEL);
    }

    /** Stops all bundles, in the reverse of the order in which they started, and waits until that is done. */
    void stop() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Deletes a folder with all it holds; what is not there is no error. */
    static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            // It is in the folder for temporary files, and there is nothing a person could do about it now.
            LoggerFactory.getLogger(RunningFramework.class).debug("cannot delete {}", folder, left);
        }
    }
}
