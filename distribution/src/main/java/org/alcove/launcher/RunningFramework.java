package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.condition.Condition;

/**
 * The OSGi framework with the bundles of a home. Bundles of {@code system/NN} start at level NN; those in {@code plugins/} and
 * the files in {@code conf/} come through File Install, which watches both folders.
 */
final class RunningFramework {

    /** The condition that holds from when the process answers, or soon after its start. */
    private static final String ANSWERING = "alcove.answering";
    /** Start level at which everything runs; a folder of bundles with a higher number would never start. */
    private static final int FULL_LEVEL = 30;
    /**
     * What is in {@code plugins/} starts here, so that it finds the rooms it plugs into. Then all is there that answers; the
     * framework's own console and shell come after it.
     */
    private static final int PLUGIN_LEVEL = 25;
    /** The rooms start here: the first bundles that are configured by files. */
    private static final int ROOM_LEVEL = 20;
    /** Against hanging only: how long answers may go on is said by the rooms' drain_seconds. */
    private static final long STOP_SECONDS = 120;

    /** Logging stands on the launcher's class path, so that it works before and after the framework does. */
    private static final String LOGGING_PACKAGES = loggingPackages("2.0.17") + "," + loggingPackages("1.7.36");

    /**
     * The framework's own console opens behind the login of the pages beside it, and never with a password of its own: none has
     * this hash.
     */
    private static final Map<String, String> FRAMEWORK_CONSOLE = Map.of("felix.webconsole.manager.root", "/admin/felix",
            "felix.webconsole.security.providers", "org.alcove.console", "felix.webconsole.password", "{sha-256}none");

    private final Framework framework;
    /** None in sealed processes. */
    private final Optional<FileInstall> fileInstall;
    private final CompletableFuture<Boolean> vectorApi;

    private RunningFramework(Framework framework, Optional<FileInstall> fileInstall, CompletableFuture<Boolean> vectorApi) {
        this.framework = framework;
        this.fileInstall = fileInstall;
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
        properties.put("felix.fileinstall.log.level", "2");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        // A plug-in that comes is looked for among what other plug-ins could do with, not in the manifests of all bundles.
        properties.put("felix.fileinstall.optionalImportRefreshScope", "managed");
        properties.put("felix.fileinstall.tmpdir", storage.resolveSibling("fileinstall").toString());
        properties.put("felix.cm.config.plugins", "org.apache.felix.configadmin.plugin.interpolation");
        properties.put("org.apache.felix.http.require.config", "true");
        properties.put("org.osgi.service.log.admin.loglevel", "INFO");
        // What goes wrong with components before the log service is there, Declarative Services writes out by itself.
        properties.put("ds.loglevel", "warn");
        properties.putAll(FRAMEWORK_CONSOLE);
        // Room for all that is logged before anyone listens.
        properties.put("org.apache.felix.log.maxSize", "2000");
        // A plug-in finds what it imports, and nothing else that happens to be on the launcher's class path.
        properties.put("felix.bootdelegation.implicit", "false");
        BuiltInBundles builtIn = BuiltInBundles.ofProcess(home);
        Framework framework = ServiceLoader.load(ConnectFrameworkFactory.class).iterator().next()
                .newFramework(properties, builtIn);
        framework.init();
        Optional<FileInstall> fileInstall = Optional.empty();
        if (settings.containsKey(SealedBundles.POLICY)) {
            sealed(framework, home, settings);
        } else {
            fileInstall = Optional.of(installAll(framework, home, builtIn));
        }
        // All at once, which is less work than each when it starts.
        framework.adapt(FrameworkWiring.class).resolveBundles(null);
        return new RunningFramework(framework, fileInstall, vectorApi);
    }

    private static void sealed(Framework framework, Home home, Map<String, String> settings) throws BundleException {
        try {
            SealedBundles.of(settings, PLUGIN_LEVEL).install(framework, home);
        } catch (IOException e) {
            throw new BundleException(e.getMessage(), e);
        }
    }

    private static FileInstall installAll(Framework framework, Home home, BuiltInBundles builtIn) throws BundleException {
        FrameworkStartLevel levels = framework.adapt(FrameworkStartLevel.class);
        BundleContext system = framework.getBundleContext();
        FileInstall fileInstall = null;
        for (Path folder : home.levels()) {
            levels.setInitialBundleStartLevel(Integer.parseInt(folder.getFileName().toString()));
            for (Path jar : Home.list(folder)) {
                Bundle bundle = system.installBundle(builtIn.location(jar));
                if (bundle.getSymbolicName().equals(FileInstall.NAME)) {
                    fileInstall = new FileInstall(bundle, PLUGIN_LEVEL, ROOM_LEVEL, home.plugins());
                } else if (!isFragment(bundle)) {
                    bundle.start();
                }
            }
        }
        // Who installs something by hand, installs a plug-in.
        levels.setInitialBundleStartLevel(PLUGIN_LEVEL);
        Objects.requireNonNull(fileInstall, FileInstall.NAME).watch(system);
        return fileInstall;
    }

    /** Whether it belongs to another bundle and cannot be started. */
    static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
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
        try {
            fileInstall.ifPresent(it -> it.startFirstRound(framework.getBundleContext()));
        } catch (IllegalStateException stopping) {
            // A model that cannot be loaded may end the process before its plug-ins have started.
            if (framework.getState() == Bundle.ACTIVE) {
                throw stopping;
            }
        }
    }

    /**
     * Starts what people may want and no request waits for, and tells the bundles that they may do such things; returns before
     * that is done. Nothing once it stops.
     */
    void complete() {
        if (framework.getState() == Bundle.ACTIVE) {
            publish(Condition.class, Condition.INSTANCE, Map.of(Condition.CONDITION_ID, ANSWERING));
            framework.adapt(FrameworkStartLevel.class).setStartLevel(FULL_LEVEL);
        }
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
}
