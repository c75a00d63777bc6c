package org.alcove.cluster.hub;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Worker;
import org.alcove.attestation.Verifier;
import org.alcove.cluster.beat.Pulse;
import org.alcove.cluster.door.Credentials;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.door.Limits;
import org.alcove.cluster.door.PeerServlet;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.configuration.GivenValues;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this process the controller of a cluster. It keeps nothing on disk: workers that beat and are not known are asked to
 * register, so one that was restarted knows them all within one interval.
 */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.cluster.controller",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HubConfiguration.class)
public final class ControllerRole {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerRole.class);
    private static final ConfigurationReader<Terms> READER = new ConfigurationReader<>("org.alcove.cluster.controller",
            HubConfiguration.class, Terms::of, LOG);
    private static final Duration LAST_SWEEP = Duration.ofSeconds(1);
    /** Service property: whether a worker is in another process; such a one is never offered to others again. */
    private static final String REMOTE = "alcove.worker.remote";

    /** A machine makes a quote in a second or less, but one after the other. */
    private static final Duration QUOTE = Duration.ofSeconds(60);

    private final BundleContext bundle;
    private final Controller controller;
    private final Verifier verifier;
    private final WorkerChooser chooser;
    private final PeerServlet servlet;
    private final ServiceRegistration<Servlet> door;
    private Service service;

    /**
     * Opens the door.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if the configuration makes no sense; the message says which part
     */
    @Activate
    public ControllerRole(BundleContext bundle, Map<String, Object> given, @Reference Controller controller,
            @Reference Verifier verifier,
            @Reference(target = "(" + WorkerChooser.PLACE + "=" + WorkerChooser.LOCAL + ")") WorkerChooser chooser)
            throws IOException {
        this.bundle = bundle;
        this.controller = controller;
        this.verifier = verifier;
        this.chooser = chooser;
        Terms terms = READER.first(given, "no worker is served");
        service = new Service(terms);
        servlet = new PeerServlet(terms.guard(), terms.limits(), service.hub.routes());
        door = servlet.publish(bundle);
        terms.guard().announce();
        LOG.info("Workers and API processes are served");
    }

    /** Begins anew as it is configured now, and asks all workers to register again; what makes no sense changes nothing. */
    @Modified
    void change(Map<String, Object> given) throws InterruptedException {
        Optional<Terms> next = READER.next(given);
        if (next.isEmpty()) {
            return;
        }
        Terms terms = next.get();
        LOG.info("Configuration org.alcove.cluster.controller has changed: workers are asked to register again");
        Service before = service;
        service = new Service(terms);
        servlet.change(terms.guard(), terms.limits(), service.hub.routes());
        terms.guard().announce();
        before.close();
    }

    /** What is behind the door, as it is configured. */
    private final class Service {

        private final PeerClient client;
        private final PeerClient asking;
        private final Hub hub;
        private final Pulse pulse;

        Service(Terms terms) {
            client = new PeerClient(terms.probes());
            asking = new PeerClient(terms.quotes());
            hub = new Hub(terms.settings(), new Hub.Tools(controller, chooser, worker -> publish(bundle, worker), client,
                    InetAddress::getAllByName, new Hub.Times(InstantSource.system(), System::nanoTime), witness(terms)));
            pulse = new Pulse("alcove-cluster-sweep", hub::sweep).start();
        }

        private Optional<Witness> witness(Terms terms) {
            if (terms.policy().isBlank()) {
                return Optional.empty();
            }
            LOG.info("Workers are admitted by their evidence, judged by {}", terms.policy());
            Optional<Path> collateral = Optional.of(terms.collateral()).filter(name -> !name.isBlank()).map(Path::of);
            return Optional.of(new Witness(Path.of(terms.policy()), collateral, verifier, asking, InstantSource.system()));
        }

        void close() throws InterruptedException {
            pulse.stop(LAST_SWEEP);
            hub.close();
            client.close();
            asking.close();
        }
    }

    /** What was configured, read before anything begins. */
    private record Terms(HubSettings settings, Guard guard, Limits limits, PeerSettings probes, PeerSettings quotes,
            String policy, String collateral) {

        static Terms of(GivenValues values) throws IOException {
            HubSettings settings = HubSettings.of(values);
            Credentials credentials = Credentials.read(values);
            boolean proxy = values.flag("behind_tls_proxy");
            return new Terms(settings, new Guard(values.flag("reachable"), credentials, settings.trusted()), Limits.of(values),
                    credentials.peers(Duration.ofSeconds(values.integer("probe_seconds", 1)), proxy),
                    credentials.peers(QUOTE, proxy), values.text("worker_policy_file"), values.text("worker_collateral_folder"));
        }
    }

    private static Runnable publish(BundleContext bundle, Worker worker) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(REMOTE, true);
        ServiceRegistration<Worker> registration = bundle.registerService(Worker.class, worker, properties);
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("The framework was first to unregister a worker");
            }
        };
    }

    /** Closes the door; streams between API processes and workers do not pass here and go on. */
    @Deactivate
    void stop() throws InterruptedException {
        door.unregister();
        service.close();
    }
}
