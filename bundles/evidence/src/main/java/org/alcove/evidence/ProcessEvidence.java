package org.alcove.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.guard.Guards;
import org.alcove.api.worker.SealedDoor;
import org.alcove.cluster.wire.Json;
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

/** Opens the door of this process, where its configuration names a source of quotes. */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.evidence",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EvidenceConfiguration.class)
public final class ProcessEvidence {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessEvidence.class);

    private final Optional<QuoteSource> source;
    private ServiceRegistration<SealedDoor> registration;

    @Activate
    public ProcessEvidence(EvidenceConfiguration configuration, BundleContext context, @Reference Guards guards)
            throws IOException {
        Optional<SealedList> sealed = SealedList.of(context);
        source = source(configuration, sealed);
        if (source.isPresent()) {
            byte[] tlsKey = TlsKey.hash(configuration.keystore__file(), configuration.keystore__password());
            SealedDoor door = new ProcessDoor(source.get(), tlsKey, () -> claims(configuration, sealed), guards,
                    InstantSource.system());
            registration = context.registerService(SealedDoor.class, door,
                    new Hashtable<>(Map.of("alcove.evidence.source", configuration.source())));
            LOG.info("Evidence of this process is made by: {}", configuration.source());
        }
    }

    private static Optional<QuoteSource> source(EvidenceConfiguration configuration, Optional<SealedList> sealed) {
        return switch (configuration.source()) {
            case "none" -> Optional.empty();
            case "tsm" -> Optional.of(new TsmSource(Path.of(configuration.tsm__folder()),
                    Optional.of(Path.of(configuration.event__log__file())),
                    sealed.map(SealedList::events).orElse(List::of)));
            case "agent" -> Optional.of(new AgentSource(URI.create(configuration.agent())));
            case "mock" -> {
                LOG.warn("Evidence of this process is MOCK: it proves nothing, and clients refuse it unless their policy"
                        + " allows it");
                yield Optional.of(new MockSource());
            }
            default -> throw new IllegalArgumentException("source of org.alcove.evidence is \"" + configuration.source()
                    + "\"; say none, tsm, agent or mock");
        };
    }

    private static byte[] claims(EvidenceConfiguration configuration, Optional<SealedList> sealed) {
        ObjectNode json = Json.object().put("purpose", "alcove worker");
        json.set("image_digests", Json.texts(List.of(configuration.image__digests())));
        sealed.ifPresent(list -> json.set("sealed", list.json()));
        return Json.bytes(json);
    }

    @Deactivate
    void close() throws Exception {
        if (registration != null) {
            registration.unregister();
        }
        if (source.isPresent() && source.get() instanceof AutoCloseable open) {
            open.close();
        }
    }
}
