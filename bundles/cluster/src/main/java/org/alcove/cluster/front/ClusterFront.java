package org.alcove.cluster.front;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.beat.Pulse;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.configuration.ConfigurationReader;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the workers of a controller services of this process, and has the controller choose among them. */
@Component(immediate = true, configurationPid = "org.alcove.cluster.api", configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = WorkerChooser.class, property = WorkerChooser.PLACE + "=" + WorkerChooser.REMOTE)
@Designate(ocd = ApiConfiguration.class)
public final class ClusterFront implements WorkerChooser {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFront.class);
    private static final ConfigurationReader<FrontSettings> READER = new ConfigurationReader<>("org.alcove.cluster.api",
            ApiConfiguration.class, FrontSettings::of, LOG);

    /** Says that the worker is in another process, so that this one does not offer it to others. */
    private static final Map<String, Object> REMOTE = Map.of("alcove.worker.remote", true);

    private final BundleContext context;
    private volatile Membership membership;

    /**
     * Begins to ask.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if the configuration makes no sense; the message says which part
     */
    @Activate
    public ClusterFront(Map<String, Object> given, BundleContext context) throws IOException {
        this.context = context;
        membership = new Membership(READER.first(given, "no controller is asked"));
    }

    /** Begins anew as it is configured now; what makes no sense changes nothing. */
    @Modified
    void change(Map<String, Object> given) {
        Optional<FrontSettings> read = READER.next(given);
        if (read.isEmpty()) {
            return;
        }
        FrontSettings settings = read.get();
        LOG.info("Configuration org.alcove.cluster.api has changed: the controller at {} is asked now", settings.controller());
        Membership before = membership;
        Membership next = new Membership(settings);
        // Nobody is to be told that there is no such model: its workers are known before those known till now go.
        try {
            next.front.poll();
        } catch (RuntimeException e) {
            LOG.warn("The controller does not list its workers; it is asked again and again", e);
        }
        membership = next;
        before.retire();
    }

    /** What is known of the cluster, and who asks, as they are configured. */
    private final class Membership implements AutoCloseable {

        private final PeerClient client;
        private final WorkerRoll roll;
        private final Front front;
        private final Pulse rounds;
        private final Pulse releases;

        Membership(FrontSettings settings) {
            client = new PeerClient(settings.peers());
            WorkerProbe strangers = new WorkerProbe(client.anonymous(), InstantSource.system());
            ControllerLink link = new ControllerLink(settings.controller(), client, strangers, settings.poll(), System::nanoTime);
            roll = new WorkerRoll(worker -> publish(context, worker), new WorkerRoll.Peers(client, client.anonymous()),
                    settings.workers(), new WorkerRoll.Times(InstantSource.system(), System::nanoTime, settings.gone()));
            front = new Front(link, roll, new Front.Probes(new WorkerProbe(client, InstantSource.system()), strangers));
            rounds = new Pulse("alcove-cluster-workers", () -> {
                front.poll();
                return settings.poll();
            });
            releases = new Pulse("alcove-cluster-tickets", front::release);
            front.tell(rounds::wake, releases::wake);
            rounds.start();
            releases.start();
        }

        /** Answers that are being read go on. */
        void retire() {
            forget();
            client.retire();
        }

        @Override
        public void close() {
            forget();
            client.close();
        }

        private void forget() {
            rounds.close();
            releases.close();
            roll.close();
        }
    }

    private static Runnable publish(BundleContext context, Worker worker) {
        ServiceRegistration<Worker> registration =
                context.registerService(Worker.class, worker, FrameworkUtil.asDictionary(REMOTE));
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("The framework was first to unregister a worker");
            }
        };
    }

    @Override
    public WorkerChoice choose(Request request, Set<String> excluded, Optional<String> fingerprint) {
        Membership asked = membership;
        try {
            return asked.front.choose(request, excluded, fingerprint);
        } catch (RequestException e) {
            if (asked == membership) {
                throw e;
            }
            // It was retired meanwhile.
            return membership.front.choose(request, excluded, fingerprint);
        }
    }

    @Deactivate
    void stop() {
        membership.close();
    }
}
