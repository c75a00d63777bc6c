package org.alcove.connect.offer;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alcove.api.worker.Worker;
import org.alcove.attestation.Verifier;
import org.alcove.connect.VerifiedServer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** Has the configured servers verified, and offers the workers that are found good to this process. */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.connect",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConnectConfiguration.class)
public final class Connector {

    private final BundleContext context;
    private final List<ServerWatch> watches;
    private final Optional<ServiceRegistration<Servlet>> page;

    @Activate
    public Connector(ConnectConfiguration configuration, BundleContext context, @Reference Verifier verifier)
            throws IOException {
        this.context = context;
        List<URI> servers = Stream.of(configuration.server().split("\\s+")).filter(word -> !word.isEmpty()).map(URI::create)
                .toList();
        if (servers.isEmpty()) {
            watches = List.of();
            page = Optional.empty();
            return;
        }
        Duration fresh = Duration.ofSeconds(configuration.fresh__seconds());
        Map<URI, String> keys = ServerKeys.read(file(configuration.server__key__file()), servers);
        Shield shield = new Shield(servers, fresh, InstantSource.system());
        watches = servers.stream().map(server -> {
            VerifiedServer.Settings settings = new VerifiedServer.Settings(server, Optional.ofNullable(keys.get(server)),
                    configuration.relayed(), fresh, Duration.ofSeconds(configuration.stall__seconds()));
            return new ServerWatch(new VerifiedServer(settings, verifier, InstantSource.system()),
                    new ServerWatch.Rules(Path.of(configuration.policy__file()), file(configuration.collateral__folder()),
                            configuration.verify__seconds(), servers.size() == 1 ? "" : server + "/"), this::offer, shield);
        }).toList();
        page = Optional.of(context.registerService(Servlet.class, new VerdictServlet(shield::json), new Hashtable<>(
                Map.of(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, VerdictServlet.PATH))));
        watches.forEach(ServerWatch::start);
    }

    private static Optional<Path> file(String path) {
        return path.isBlank() ? Optional.empty() : Optional.of(Path.of(path));
    }

    private Runnable offer(SealedWorker worker) {
        return context.registerService(Worker.class, worker, new Hashtable<>(Map.of("alcove.worker.id", worker.status().id(),
                "alcove.model", worker.model().name())))::unregister;
    }

    @Deactivate
    void stop() {
        page.ifPresent(ServiceRegistration::unregister);
        watches.forEach(ServerWatch::close);
    }
}
