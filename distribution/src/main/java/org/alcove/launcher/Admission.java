package org.alcove.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way into a sealed framework. A bundle comes in by its bytes: they are judged by the policy, measured, and only then
 * installed. Whatever somebody else brings into the framework is thrown out, and cannot be resolved in the meantime: without
 * that, none of its classes is ever loaded. An update makes a new revision, which is as foreign as a new bundle.
 */
final class Admission implements ResolverHookFactory, ResolverHook, SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final SealedPolicy policy;
    private final EventRegister register;
    private final Set<BundleRevision> admitted = ConcurrentHashMap.newKeySet();
    /** Where bundles come from that are being installed here. */
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    /** In the order in which they were measured. Guarded by the monitor. */
    private final List<MeasuredBundle> measured = new ArrayList<>();

    Admission(SealedPolicy policy, EventRegister register) {
        this.policy = policy;
        this.register = register;
    }

    /** Stands guard over a framework, before the first bundle comes. */
    void guard(BundleContext system) {
        system.registerService(ResolverHookFactory.class, this, null);
        system.addBundleListener(this);
    }

    /**
     * Installs a part of the product.
     *
     * @throws SecurityException if the policy does not list it
     */
    Bundle part(BundleContext system, String location, JarFile jar) throws BundleException, IOException {
        policy.requirePart(jar);
        return install(system, location, jar, "");
    }

    /**
     * Installs a plug-in.
     *
     * @throws SecurityException if it is not signed, not by one of the policy's signers, or not listed
     */
    Bundle plugin(BundleContext system, String location, JarFile jar, Optional<byte[]> signature)
            throws BundleException, IOException {
        return install(system, location, jar, policy.requirePlugin(jar, signature));
    }

    /** What a plug-in's signature is worth where the product's own list is enough: the parts that lie in {@code plugins/}. */
    boolean isPart(JarFile jar) {
        return policy.bundles().contains(jar.digest());
    }

    private synchronized Bundle install(BundleContext system, String location, JarFile jar, String signer)
            throws BundleException, IOException {
        if (jar.extendsFramework()) {
            throw new SecurityException(jar + " would become a part of the framework, which is not admitted");
        }
        if (system.getBundle(location) != null) {
            throw new BundleException(jar + " is there already");
        }
        MeasuredBundle bundle = MeasuredBundle.of(jar, signer);
        register.extend(MeasuredBundle.DOMAIN, MeasuredBundle.OPERATION, bundle.content());
        measured.add(bundle);
        expected.add(location);
        try {
            Bundle installed = system.installBundle(location, new ByteArrayInputStream(jar.bytes()));
            admitted.add(installed.adapt(BundleRevision.class));
            return installed;
        } finally {
            expected.remove(location);
        }
    }

    /** Installs and starts a plug-in that somebody brings while the process runs; tells what was installed. */
    Map<String, String> bring(BundleContext system, byte[] bytes, byte[] signature, int level) {
        try {
            JarFile jar = JarFile.of(bytes, "what was sent");
            for (Bundle there : system.getBundles()) {
                if (there.getSymbolicName().equals(jar.name())) {
                    throw new SecurityException(jar.name() + " " + there.getVersion() + " is installed, and a sealed process"
                            + " neither updates nor removes what it has measured");
                }
            }
            Bundle bundle = plugin(system, "sealed:" + jar.digest(), jar,
                    signature.length == 0 ? Optional.empty() : Optional.of(signature));
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            bundle.start();
            LOG.info("Admitted {}: sha256 {}", jar, jar.digest());
            return measured().getLast().told();
        } catch (SecurityException refused) {
            LOG.warn("Refused: {}", refused.getMessage());
            throw refused;
        } catch (BundleException | IOException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    synchronized List<MeasuredBundle> measured() {
        return List.copyOf(measured);
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        Set<BundleRevision> foreign = new HashSet<>(candidates);
        foreign.removeIf(revision -> revision.getBundle().getBundleId() == 0 || admitted.contains(revision));
        candidates.removeAll(foreign);
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
        // Nothing to add.
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        // Nothing to add: what is not admitted has no say already.
    }

    @Override
    public void end() {
        // Nothing is kept.
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        boolean foreign = switch (event.getType()) {
            case BundleEvent.INSTALLED -> !expected.contains(bundle.getLocation());
            case BundleEvent.UPDATED -> true;
            default -> false;
        };
        if (foreign) {
            LOG.error("Refused: {} {} came into the sealed framework from {} without being admitted", bundle.getSymbolicName(),
                    bundle.getVersion(), bundle.getLocation());
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException left) {
                LOG.error("{} cannot be removed, but never resolved either", bundle.getSymbolicName(), left);
            }
        }
    }
}
