package org.alcove.connect;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;

/**
 * What {@code ./alcove connect} does, for programs of one's own: verifies servers, each for itself, seals requests to those that
 * were found good and to nobody else, and has another one go on where one is lost in the middle of an answer. Thread-safe.
 */
public final class SealedClient implements AutoCloseable {

    private final List<VerifiedServer> servers;

    /**
     * Nothing is sent before {@link #verify}.
     *
     * @param servers in the order in which they are asked; at least one
     */
    public SealedClient(Collection<VerifiedServer.Settings> servers, Verifier verifier, InstantSource clock) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a client needs a server to ask; give the address of at least one");
        }
        this.servers = servers.stream().map(each -> new VerifiedServer(each, verifier, clock)).toList();
    }

    /**
     * What came of asking one server.
     *
     * @param findings of each of its workers
     * @param problem why it could not be asked; what was found before then counts for as long as it is fresh. Empty if it could
     */
    public record Look(URI server, List<Finding> findings, String problem) {

        /** Whether one of its workers may be sent prompts. */
        public boolean good() {
            return findings.stream().anyMatch(Finding::good);
        }
    }

    /**
     * Asks every server, one after the other, and judges what it answers. To be called again before
     * {@link VerifiedServer.Settings#freshness} has passed, and after a failure that says that nobody was verified.
     *
     * @return a look at each server, in their order
     */
    public List<Look> verify(Policy policy, Collateral collateral) {
        List<Look> looks = new ArrayList<>();
        for (VerifiedServer server : servers) {
            try {
                looks.add(new Look(server.address(), server.verify(policy, collateral), ""));
            } catch (IOException e) {
                looks.add(new Look(server.address(), List.of(), e.getMessage()));
            }
        }
        return looks;
    }

    /**
     * Seals a request to the workers of the first server that takes it. Where that is lost before the answer is whole, the
     * request and how far the answer came are sealed to the workers of another one, or of the same, and the same text goes on.
     *
     * @throws RequestException if no server takes it; nothing was sent to one that was not found good
     */
    public Generation generate(GenerateRequest request) {
        return new ResumedAnswer(servers, request);
    }

    @Override
    public void close() {
        servers.forEach(VerifiedServer::close);
    }
}
