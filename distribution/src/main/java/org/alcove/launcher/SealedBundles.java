package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a sealed framework: the product's bundles, the plug-ins that lie in {@code plugins/} when it starts, and the files of
 * {@code conf/}, all read once. What would let somebody in later is left out: File Install, the framework's shell, its console.
 *
 * <p>Bundles of the framework find, by the property {@value #SERVICE}, a function that installs a plug-in from a jar and its
 * signature ({@code install}), the list of what was measured ({@code bundles}), the events of which the machine's log does not
 * know ({@code events}), and the configuration files ({@code configuration}).
 */
final class SealedBundles {

    /** Setting that names the policy's file; without it the process is not sealed. */
    static final String POLICY = "alcove.sealed.policy";
    /** Setting that says which SHA-256 that file must have; empty for any. */
    static final String PINNED = "alcove.sealed.sha256";
    /** Setting that names the file of the events in the kernel's register. */
    static final String EVENTS = "alcove.sealed.events";
    /** Property of the services for bundles of the framework. */
    static final String SERVICE = "alcove.sealed";
    private static final Logger LOG = LoggerFactory.getLogger(SealedBundles.class);

    /** Bundles that bring in bundles or change configurations. */
    private static final Set<String> LEFT_OUT = Set.of("org.apache.felix.fileinstall", "org.apache.felix.gogo.runtime",
            "org.apache.felix.gogo.command", "org.apache.felix.webconsole.plugins.ds");
    /** Others need their classes; they themselves are never started. */
    private static final Set<String> NOT_STARTED = Set.of("org.apache.felix.webconsole", "org.apache.felix.inventory");

    private final SealedPolicy policy;
    private final Admission admission;
    private final EventRegister register;
    private final Pattern configurations;
    private final int pluginLevel;

    /**
     * @param configurations names of the files of {@code conf/} that this role takes
     * @param pluginLevel start level of plug-ins
     */
    SealedBundles(SealedPolicy policy, EventRegister register, String configurations, int pluginLevel) {
        this.policy = policy;
        this.admission = new Admission(policy, register);
        this.register = register;
        this.configurations = Pattern.compile(configurations);
        this.pluginLevel = pluginLevel;
    }

    /** Reads the policy that the settings name, once the process is fit to be sealed. */
    static SealedBundles of(Map<String, String> settings, int pluginLevel) throws IOException {
        SealedProcess.requireClosed(SealedProcess.flags(), SealedProcess.classPath());
        SealedProcess.closeMemory();
        SealedPolicy policy = SealedPolicy.read(Path.of(settings.get(POLICY)));
        String pinned = settings.getOrDefault(PINNED, "");
        if (!pinned.isEmpty() && !pinned.equals(policy.digest())) {
            throw new UsageException("the sealed policy has the SHA-256 " + policy.digest() + ", --sealed-sha256 says " + pinned);
        }
        return new SealedBundles(policy, EventRegister.of(settings.getOrDefault("alcove.evidence", "none"), EventRegister.RTMR_3,
                Path.of(settings.get(EVENTS)), EventRegister.AGENT), settings.get("felix.fileinstall.filter"), pluginLevel);
    }

    void install(Framework framework, Home home) throws BundleException, IOException {
        BundleContext system = framework.getBundleContext();
        admission.guard(system);
        publish(system, configurations(home));
        for (Path level : home.levels()) {
            for (Path file : Home.list(level)) {
                JarFile jar = JarFile.read(file);
                if (!LEFT_OUT.contains(jar.name())) {
                    start(part(system, file, jar), Integer.parseInt(level.getFileName().toString()), jar);
                }
            }
        }
        for (Path file : Home.list(home.plugins())) {
            if (file.toString().endsWith(".jar")) {
                plugin(system, file);
            }
        }
    }

    private Bundle part(BundleContext system, Path file, JarFile jar) throws BundleException, IOException {
        try {
            return admission.part(system, file.toUri().toString(), jar);
        } catch (SecurityException refused) {
            throw new UsageException("the product cannot start sealed: " + refused.getMessage() + "; ./alcove digest lists what"
                    + " a policy must list");
        }
    }

    /** One that is refused is left out: the rest of the product does not depend on what somebody put into a folder. */
    private void plugin(BundleContext system, Path file) throws BundleException, IOException {
        try {
            JarFile jar = JarFile.read(file);
            Path signature = file.resolveSibling(file.getFileName() + BundleSignature.SUFFIX);
            Bundle bundle = admission.isPart(jar) ? admission.part(system, file.toUri().toString(), jar)
                    : admission.plugin(system, file.toUri().toString(), jar,
                            Files.exists(signature) ? Optional.of(Files.readAllBytes(signature)) : Optional.empty());
            start(bundle, pluginLevel, jar);
        } catch (SecurityException refused) {
            LOG.error("Refused {}: {}", file.getFileName(), refused.getMessage());
        }
    }

    private static void start(Bundle bundle, int level, JarFile jar) throws BundleException {
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        if (jar.fragment().isEmpty() && !NOT_STARTED.contains(jar.name())) {
            bundle.start();
        }
    }

    private Map<String, byte[]> configurations(Home home) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (Path file : Home.list(home.configuration())) {
            String name = file.getFileName().toString();
            if (name.endsWith(".config") && configurations.matcher(name).matches()) {
                files.put(name, Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void publish(BundleContext system, Map<String, byte[]> configurations) {
        Supplier<Map<String, byte[]>> files = () -> configurations;
        Supplier<List<Map<String, String>>> list = () -> admission.measured().stream().map(MeasuredBundle::told).toList();
        Supplier<List<String>> events = register::events;
        BiFunction<byte[], byte[], Map<String, String>> installer =
                (jar, signature) -> admission.bring(system, jar, signature, pluginLevel);
        system.registerService(Supplier.class, files, properties("configuration"));
        system.registerService(Supplier.class, list, properties("bundles"));
        system.registerService(Supplier.class, events, properties("events"));
        system.registerService(BiFunction.class, installer, properties("install"));
    }

    private Hashtable<String, Object> properties(String what) {
        return new Hashtable<>(Map.of(SERVICE, what, "alcove.sealed.register", register.name(), POLICY, policy.digest()));
    }
}
