package org.alcove.cluster.node;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.beat.Pulse;
import org.alcove.cluster.door.PeerServlet;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.configuration.GivenValues;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
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
    private static final Duration PING = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Residents residents = new Residents();
    private final OpenAnswers answers = new OpenAnswers();
    private final String instance = UUID.randomUUID().toString();
    private final PeerClient client;
    private final Link link;
    private final Pulse pulse;
    private final Duration drain;
    private final ServiceRegistration<Servlet> door;
    private final BundleContext bundle;
    private final SynchronousBundleListener ending = this::hear;
    private final AtomicBoolean left = new AtomicBoolean();

    /**
     * Opens the door, and tells the controller.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if the configuration makes no sense; the message says which part
     */
    @Activate
    public WorkerRole(BundleContext bundle, Map<String, Object> given) throws IOException {
        NodeSettings settings = settings(new GivenValues(NodeConfiguration.class, given));
        InstantSource clock = InstantSource.system();
        Supplier<ProcessReport> report = () -> new ProcessReport(instance, residents.reports(clock.instant()));
        drain = settings.drain();
        client = new PeerClient(settings.peers());
        link = new Link(settings.controller(), client, settings.address(), settings.heartbeat(), report);
        pulse = new Pulse("alcove-controller-link", link::step);
        Map<String, Route> routes = new HashMap<>(
                new NodeRoutes(residents, answers, report, clock, PING, pulse::wake).routes());
        routes.putAll(new ForeignNodeRoutes(residents, answers, () -> ForeignFigures.of(report.get()), SILENCE).routes());
        door = new PeerServlet(settings.guard(), settings.limits(), routes).publish(bundle);
        this.bundle = bundle;
        bundle.addBundleListener(ending);
        settings.guard().announce();
        pulse.start();
    }

    private static NodeSettings settings(GivenValues values) throws IOException {
        values.strangers().forEach(LOG::warn);
        try {
            return NodeSettings.of(values);
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("Configuration org.alcove.cluster.worker: {}; no controller is told of this worker until it is corrected",
                    e.getMessage());
            throw e;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbind",
            target = "(!(alcove.worker.remote=true))")
    void bind(Worker worker, Map<String, Object> properties) {
        residents.add((Long) properties.get(Constants.SERVICE_ID), worker);
        pulse.wake();
    }

    void unbind(Worker worker, Map<String, Object> properties) {
        residents.remove((Long) properties.get(Constants.SERVICE_ID));
        pulse.wake();
    }

    /** The framework stops plug-ins first, kernels among them, without which no answer would go on; so it is heard before. */
    private void hear(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            try {
                leave();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes leave, and lets answers go on for a while; a second time does nothing. */
    private void leave() throws InterruptedException {
        if (!left.compareAndSet(false, true)) {
            return;
        }
        pulse.stop(GOODBYE);
        link.leave(instance);
        if (answers.count() > 0) {
            LOG.info("{} answers may go on for {} s", answers.count(), drain.toSeconds());
        }
        answers.drain(drain, GOODBYE);
    }

    /** Takes leave, and closes the door. */
    @Deactivate
    void stop() throws InterruptedException {
        bundle.removeBundleListener(ending);
        leave();
        door.unregister();
        client.close();
    }
}
