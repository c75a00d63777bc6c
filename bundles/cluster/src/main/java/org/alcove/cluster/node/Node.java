package org.alcove.cluster.node;

import jakarta.servlet.Servlet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.alcove.cluster.beat.Pulse;
import org.alcove.cluster.door.PeerServlet;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.ProcessReport;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door of a process whose workers others may use, and its link to the controller. */
final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration PING = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final OpenAnswers answers = new OpenAnswers();
    private final Supplier<ProcessReport> report;
    private final Map<String, Route> routes;
    private final PeerServlet servlet;
    private final ServiceRegistration<Servlet> door;
    private volatile String instance = UUID.randomUUID().toString();
    private volatile Call call;
    private boolean left;

    /** How the controller is told, as it is configured. */
    private final class Call {

        private final NodeSettings settings;
        private final PeerClient client;
        private final Link link;
        private final Pulse pulse;

        Call(NodeSettings settings) {
            this.settings = settings;
            client = new PeerClient(settings.peers());
            link = new Link(settings.controller(), client, settings.address(), settings.heartbeat(), report);
            pulse = new Pulse("alcove-controller-link", link::step);
        }

        boolean reaches(NodeSettings other) {
            return settings.controller().equals(other.controller()) && settings.address().equals(other.address());
        }
    }

    /** Opens the door, and tells the controller. */
    Node(BundleContext bundle, NodeSettings settings, Residents residents) {
        InstantSource clock = InstantSource.system();
        report = () -> new ProcessReport(instance, residents.reports(clock.instant()));
        routes = new HashMap<>(new NodeRoutes(residents, answers, report, clock, PING, this::wake).routes());
        routes.putAll(new ForeignNodeRoutes(residents, answers, () -> ForeignFigures.of(report.get()), SILENCE).routes());
        call = new Call(settings);
        servlet = new PeerServlet(settings.guard(), settings.limits(), routes);
        door = servlet.publish(bundle);
        settings.guard().announce();
        call.pulse.start();
    }

    /** Goes by these settings from now on. Answers go on; a controller that this process has no more, or elsewhere, is told. */
    synchronized void change(NodeSettings settings) throws InterruptedException {
        if (left) {
            return;
        }
        Call before = call;
        before.pulse.stop(GOODBYE);
        if (!before.reaches(settings)) {
            before.link.leave(instance);
            instance = UUID.randomUUID().toString();
        }
        servlet.change(settings.guard(), settings.limits(), routes);
        settings.guard().announce();
        call = new Call(settings);
        call.pulse.start();
        before.client.close();
    }

    /** The workers have changed. */
    void wake() {
        call.pulse.wake();
    }

    /** Takes leave, and lets answers go on for a while; a second time does nothing. */
    synchronized void leave() throws InterruptedException {
        if (left) {
            return;
        }
        left = true;
        call.pulse.stop(GOODBYE);
        call.link.leave(instance);
        Duration drain = call.settings.drain();
        if (answers.count() > 0) {
            LOG.info("{} answers may go on for {} s", answers.count(), drain.toSeconds());
        }
        answers.drain(drain, GOODBYE);
    }

    /** Takes leave, and closes the door. */
    void close() throws InterruptedException {
        leave();
        door.unregister();
        call.client.close();
    }
}
