package org.alcove.cluster.hub;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Hashtable;
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
import org.alcove.cluster.wire.TlsFiles;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
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
    private static final Duration LAST_SWEEP = Duration.ofSeconds(1);
    /** Service property: whether a worker is in another process; such a one is never offered to others again. */
    private static final String REMOTE = "alcove.worker.remote";

    /** A machine makes a quote in a second or less, but one after the other. */
    private static final Duration QUOTE = Duration.ofSeconds(60);

    private final PeerClient client;
    private final PeerClient asking;
    private final Hub hub;
    private final Pulse pulse;
    private final ServiceRegistration<Servlet> door;

    /**
     * Opens the door.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if the configuration makes no sense; the message says which part
     */
    @Activate
    public ControllerRole(BundleContext bundle, HubConfiguration configuration, @Reference Controller controller,
            @Reference Verifier verifier,
            @Reference(target = "(" + WorkerChooser.PLACE + "=" + WorkerChooser.LOCAL + ")") WorkerChooser chooser)
            throws IOException {
        Credentials credentials = Credentials.read(configuration.secret__file(), new TlsFiles(configuration.ca__file(),
                configuration.ca__password(), configuration.keystore__file(), configuration.keystore__password()));
        HubSettings settings = HubSettings.of(configuration);
        Guard guard = new Guard(configuration.reachable(), credentials, settings.trusted());
        Limits limits = Limits.of(configuration.max__control__bytes(), configuration.max__generate__bytes(),
                configuration.body__seconds());
        client = new PeerClient(credentials.peers(Duration.ofSeconds(configuration.probe__seconds()),
                configuration.behind__tls__proxy()));
        asking = new PeerClient(credentials.peers(QUOTE, configuration.behind__tls__proxy()));
        hub = new Hub(settings, new Hub.Tools(controller, chooser, worker -> publish(bundle, worker), client,
                InetAddress::getAllByName, new Hub.Times(InstantSource.system(), System::nanoTime),
                witness(configuration, verifier)));
        pulse = new Pulse("alcove-cluster-sweep", hub::sweep);
        door = new PeerServlet(guard, limits, hub.routes()).publish(bundle);
        guard.announce();
        pulse.start();
        LOG.info("Workers and API processes are served");
    }

    private Optional<Witness> witness(HubConfiguration configuration, Verifier verifier) {
        if (configuration.worker__policy__file().isBlank()) {
            return Optional.empty();
        }
        LOG.info("Workers are admitted by their evidence, judged by {}", configuration.worker__policy__file());
        Optional<Path> collateral = Optional.of(configuration.worker__collateral__folder()).filter(name -> !name.isBlank())
                .map(Path::of);
        return Optional.of(new Witness(Path.of(configuration.worker__policy__file()), collateral, verifier, asking,
                InstantSource.system()));
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
        pulse.stop(LAST_SWEEP);
        hub.close();
        client.close();
        asking.close();
    }
}
