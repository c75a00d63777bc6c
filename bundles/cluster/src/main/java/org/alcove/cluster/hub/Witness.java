package org.alcove.cluster.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Examination;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.WireException;

/**
 * Asks processes of workers where they run, each time with a nonce of its own, and judges what they answer by a policy that is
 * read anew each time. The evidence must hold the TLS key that this very connection showed.
 */
final class Witness {

    private final Path policy;
    private final Optional<Path> collateral;
    private final Verifier verifier;
    private final PeerClient client;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** Whom to ask: a process, and a model of it to ask by. */
    record Question(PeerRoute route, String instance, String model) {
    }

    /** What came of asking. */
    sealed interface Testimony {

        /**
         * The policy accepts it.
         *
         * @param tlsKey that it holds, and the connection showed ({@link PeerRoute#tlsKey}); absent where there was no TLS
         */
        record Given(boolean mock, Optional<String> tlsKey) implements Testimony {
        }

        /** The policy does not accept it. */
        record Refused(String why) implements Testimony {
        }

        /** There was none to judge, or nothing to judge it by. */
        record Withheld(String why) implements Testimony {
        }
    }

    /**
     * @param policy which machines are accepted
     * @param collateral folder with what Intel says of platforms
     * @param client waits long enough for a quote
     */
    Witness(Path policy, Optional<Path> collateral, Verifier verifier, PeerClient client, InstantSource clock) {
        this.policy = policy;
        this.collateral = collateral;
        this.verifier = verifier;
        this.client = client;
        this.clock = clock;
    }

    Testimony ask(Question question) {
        URI address = question.route().address();
        if (!client.settings().isProtected(address)) {
            return new Testimony.Refused("it is at " + address + ", without TLS, so that nothing says whose evidence"
                    + " came from there; give it an https address (--tls FILE.p12)");
        }
        PeerClient asks = client.along(question.route());
        try {
            byte[] nonce = new byte[EvidenceDocument.FIELD_BYTES];
            random.nextBytes(nonce);
            PeerClient.Answer answer = asks.post(address, "/alcove/v1/evidence", Json.object()
                    .put("model", question.model()).put("nonce", Base64.getEncoder().encodeToString(nonce)));
            if (!answer.fine()) {
                return new Testimony.Withheld("it answers with HTTP status " + answer.status() + " where evidence is due"
                        + answer.fields().maybeObject("error").map(error -> ": " + error.text("message", "")).orElse(""));
            }
            Examination.Outcome outcome = examination(nonce, answer.tlsKey()).judge(answer.fields().bytes("evidence"));
            return outcome.good() ? new Testimony.Given(outcome.mock(), answer.tlsKey().map(HexFormat.of()::formatHex))
                    : new Testimony.Refused(outcome.problem());
        } catch (IOException | WireException | AttestationException e) {
            return new Testimony.Withheld(e.getMessage());
        } finally {
            asks.release();
        }
    }

    private Examination examination(byte[] nonce, Optional<byte[]> shown) throws IOException, AttestationException {
        Policy accepted = Policy.read(Files.readAllBytes(policy));
        Collateral known = collateral.isPresent() ? Collateral.read(collateral.get()) : Collateral.NONE;
        return new Examination(verifier, accepted, known, nonce,
                Optional.of(shown.orElseGet(() -> new byte[EvidenceDocument.FIELD_BYTES])), clock.instant());
    }
}
