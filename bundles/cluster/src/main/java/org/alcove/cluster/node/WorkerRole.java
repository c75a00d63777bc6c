package org.alcove.cluster.node;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.worker.Worker;
import org.alcove.configuration.ConfigurationReader;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the workers of this process reachable, and keeps the controller told how they stand. When it stops it takes its leave
 * first, so that nobody is sent here any more, and then lets the answers go on for a while; those that are not whole by then end
 * in a way by which other workers go on with them.
 */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.cluster.worker",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NodeConfiguration.class)
public final class WorkerRole {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRole.class);
    private static final ConfigurationReader<NodeSettings> READER = new ConfigurationReader<>("org.alcove.cluster.worker",
            NodeConfiguration.class, NodeSettings::of, LOG);

    private final Residents residents = new Residents();
    private final BundleContext bundle;
    private final SynchronousBundleListener ending = this::hear;
    private final Node node;

    /**
     * Opens the door, and tells the controller.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if the configuration makes no sense; the message says which part
     */
    @Activate
    public WorkerRole(BundleContext bundle, Map<String, Object> given) throws IOException {
        this.bundle = bundle;
        node = new Node(bundle, READER.first(given, "no controller is told of this worker"), residents);
        bundle.addBundleListener(ending);
    }

    /** Goes by this configuration from now on; what makes no sense changes nothing. */
    @Modified
    void change(Map<String, Object> given) throws InterruptedException {
        Optional<NodeSettings> next = READER.next(given);
        if (next.isEmpty()) {
            return;
        }
        LOG.info("Configuration org.alcove.cluster.worker has changed: the controller at {} is told", next.get().controller());
        node.change(next.get());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbind",
            target = "(!(alcove.worker.remote=true))")
    void bind(Worker worker, Map<String, Object> properties) {
        residents.add((Long) properties.get(Constants.SERVICE_ID), worker);
        node.wake();
    }

    void unbind(Worker worker, Map<String, Object> properties) {
        residents.remove((Long) properties.get(Constants.SERVICE_ID));
        node.wake();
    }

    /** The framework stops plug-ins first, kernels among them, without which no answer would go on; so it is heard before. */
    private void hear(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            try {
                node.leave();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes leave, and closes the door. */
    @Deactivate
    void stop() throws InterruptedException {
        bundle.removeBundleListener(ending);
        node.close();
    }
}
