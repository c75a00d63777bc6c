package org.alcove.cluster.front;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.beat.Pulse;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.configuration.GivenValues;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the workers of a controller services of this process, and has the controller choose among them. */
@Component(immediate = true, configurationPid = "org.alcove.cluster.api", configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = WorkerChooser.class, property = WorkerChooser.PLACE + "=" + WorkerChooser.REMOTE)
@Designate(ocd = ApiConfiguration.class)
public final class ClusterFront implements WorkerChooser {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFront.class);

    /** Says that the worker is in another process, so that this one does not offer it to others. */
    private static final Map<String, Object> REMOTE = Map.of("alcove.worker.remote", true);

    private final PeerClient client;
    private final WorkerRoll roll;
    private final Front front;
    private final Pulse rounds;
    private final Pulse releases;

    @Activate
    public ClusterFront(Map<String, Object> given, BundleContext context) throws IOException {
        FrontSettings settings = settings(new GivenValues(ApiConfiguration.class, given));
        this.client = new PeerClient(settings.peers());
        WorkerProbe strangers = new WorkerProbe(client.anonymous(), InstantSource.system());
        ControllerLink link = new ControllerLink(settings.controller(), client, strangers, settings.poll(), System::nanoTime);
        this.roll = new WorkerRoll(worker -> publish(context, worker), new WorkerRoll.Peers(client, client.anonymous()),
                settings.workers(), new WorkerRoll.Times(InstantSource.system(), System::nanoTime, settings.gone()));
        this.front = new Front(link, roll, new Front.Probes(new WorkerProbe(client, InstantSource.system()), strangers));
        this.rounds = new Pulse("alcove-cluster-workers", () -> {
            front.poll();
            return settings.poll();
        });
        this.releases = new Pulse("alcove-cluster-tickets", front::release);
        front.tell(rounds::wake, releases::wake);
        rounds.start();
        releases.start();
    }

    private static FrontSettings settings(GivenValues values) throws IOException {
        values.strangers().forEach(LOG::warn);
        try {
            return FrontSettings.of(values);
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("Configuration org.alcove.cluster.api: {}; no controller is asked until it is corrected", e.getMessage());
            throw e;
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
        return front.choose(request, excluded, fingerprint);
    }

    @Deactivate
    void stop() {
        rounds.close();
        releases.close();
        roll.close();
        client.close();
    }
}
