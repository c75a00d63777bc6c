package org.alcove.connect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Examination;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.cluster.wire.BodyStream;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.WireException;
import org.alcove.sealing.SealedRequest;

/**
 * Talks to one server, which it verifies first: {@link #verify} asks its workers where they run, and {@link #generate} seals to
 * those that were found good, a short while ago, and to nobody else. Thread-safe.
 */
public final class VerifiedServer implements AutoCloseable {

    private static final int MAX_REFUSAL_BYTES = 1 << 20;
    private static final int MOST_WORKERS = 10_000;
    private static final int OK = 200;
    static final Duration RETRY = Duration.ofSeconds(1);

    private final Settings settings;
    private final Limits limits;
    private final Optional<Secret> key;
    private final Verifier verifier;
    private final InstantSource clock;
    private volatile Known known;

    /**
     * What is waited for, and read, of somebody who has proven nothing yet.
     *
     * @param connect longest wait for a connection, and for the words of a refusal
     * @param evidence longest wait for the head of the evidence, and again for the whole of it
     * @param evidenceBytes most bytes of it
     */
    record Limits(Duration connect, Duration evidence, int evidenceBytes) {

        /** A machine makes a quote in a second or less, but for one after the other. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), 64 << 20);
    }

    /**
     * How to talk to the server.
     *
     * @param server where it answers: scheme, host and port
     * @param apiKey to show to it once it is verified, if it wants one; never printed
     * @param relayed whether the workers stand behind an API process or a proxy, which speaks TLS in their place: then the
     *        certificate is checked as usual, not against the evidence, and whoever it belongs to sees who asks, when, and sizes
     * @param freshness how long after a verification prompts are sealed
     * @param stall longest silence while an answer is written
     */
    public record Settings(URI server, Optional<String> apiKey, boolean relayed, Duration freshness, Duration stall) {

        /** Workers that speak TLS themselves, no API key, and what {@code ./alcove connect} waits for. */
        public static Settings of(URI server) {
            return new Settings(server, Optional.empty(), false, Duration.ofMinutes(3), Duration.ofMinutes(5));
        }

        /** The same with an API key. */
        public Settings withApiKey(String key) {
            return new Settings(server, Optional.of(key), relayed, freshness, stall);
        }

        /** The same with workers behind an API process or a proxy. */
        public Settings behindRelay() {
            return new Settings(server, apiKey, true, freshness, stall);
        }

        @Override
        public String toString() {
            return server + (relayed ? " (relayed)" : "");
        }
    }

    /**
     * What was found.
     *
     * @param findings of each worker
     * @param pinned the only TLS key that the sender talks to; absent where certificates are checked as usual
     * @param sender shows the API key
     * @param at when
     */
    private record Known(List<Finding> findings, Optional<String> pinned, PeerClient sender, Instant at) {
    }

    /**
     * Nothing is sent before {@link #verify}.
     *
     * @throws IllegalArgumentException if the API key is none: it has fewer than 16 characters, or some that a header cannot hold
     */
    public VerifiedServer(Settings settings, Verifier verifier, InstantSource clock) {
        this(settings, verifier, clock, Limits.USUAL);
    }

    VerifiedServer(Settings settings, Verifier verifier, InstantSource clock, Limits limits) {
        this.settings = settings;
        this.limits = limits;
        this.key = settings.apiKey().map(text -> key(text, settings.server()));
        this.verifier = verifier;
        this.clock = clock;
    }

    private static Secret key(String text, URI server) {
        try {
            return Secret.of(text, "the API key for " + server);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Where it answers. */
    public URI address() {
        return settings.server();
    }

    /**
     * Asks all workers of the server where they run, with a nonce of its own, and judges what they answer. From now on requests
     * are sealed to those that were found good; where the server cannot be asked, to those found before, while that is fresh.
     *
     * @return what was found of each worker
     * @throws IOException if the server cannot be asked, or does not answer as one, within limits of time and size
     */
    public List<Finding> verify(Policy policy, Collateral collateral) throws IOException {
        Instant asking = clock.instant();
        byte[] nonce = new byte[EvidenceDocument.FIELD_BYTES];
        new SecureRandom().nextBytes(nonce);
        boolean tls = "https".equalsIgnoreCase(settings.server().getScheme());
        KeyPinning pinning = new KeyPinning(Optional.empty());
        Optional<SSLContext> asked = tls && !settings.relayed() ? Optional.of(pinning.context()) : Optional.empty();
        List<Fields> told;
        try (PeerClient stranger = client(asked, Optional.empty())) {
            PeerClient.Answer answer = stranger.get(settings.server(), "/attestation?nonce=" + HexFormat.of().formatHex(nonce));
            if (!answer.fine()) {
                throw new IOException(settings.server() + " answers with HTTP status " + answer.status()
                        + " where evidence is due; is it Alcove, and does it serve clients (serve, api)?");
            }
            told = answer.fields().objects("workers", MOST_WORKERS);
        } catch (WireException e) {
            throw new IOException(settings.server() + " does not answer as Alcove does: " + e.getMessage(), e);
        }
        byte[] none = new byte[EvidenceDocument.FIELD_BYTES];
        Optional<byte[]> shown = settings.relayed() ? Optional.empty() : Optional.of(tls ? pinning.seen().orElse(none) : none);
        Examination examination = new Examination(verifier, policy, collateral, nonce, shown, clock.instant());
        List<Finding> findings;
        try {
            findings = told.stream().map(each -> Finding.of(each, examination)).toList();
        } catch (WireException e) {
            throw new IOException(settings.server() + " does not tell of its workers as Alcove does: " + e.getMessage(), e);
        }
        know(findings, asked.flatMap(any -> pinning.seen()), asking);
        return findings;
    }

    /** Requests go to who showed this key just now. Where it is another one, answers of the one before are lost. */
    private synchronized void know(List<Finding> findings, Optional<byte[]> tlsKey, Instant at) {
        Optional<String> pinned = tlsKey.map(HexFormat.of()::formatHex);
        Known last = known;
        if (last != null && last.pinned().equals(pinned)) {
            known = new Known(findings, pinned, last.sender(), at);
            return;
        }
        known = new Known(findings, pinned, client(tlsKey.map(hash -> new KeyPinning(Optional.of(hash)).context()), key), at);
        if (last != null) {
            last.sender().close();
        }
    }

    private PeerClient client(Optional<SSLContext> tls, Optional<Secret> shown) {
        return new PeerClient(new PeerSettings(shown, tls, limits.connect(), limits.evidence(), limits.evidenceBytes(), false));
    }

    /**
     * Seals a request to the workers that were found good, and opens their answer as it comes.
     *
     * @throws RequestException if none was found good a short while ago, in which case nothing was sent; or if they refuse
     */
    public Generation generate(GenerateRequest request) {
        Known now = known;
        List<byte[]> recipients = now == null ? List.of() : now.findings().stream()
                .filter(finding -> finding.good() && finding.model().name().equals(request.model()))
                .limit(SealedRequest.MOST_RECIPIENTS).map(finding -> finding.document().orElseThrow().sealingKey()).distinct()
                .toList();
        Instant at = clock.instant();
        if (recipients.isEmpty() || now.at().plus(settings.freshness()).isBefore(at)) {
            throw unavailable("no worker of " + settings.server() + " for model " + request.model() + " was verified in the last "
                    + settings.freshness().toSeconds() + " s; nothing was sent", null);
        }
        try {
            return send(now.sender(), request.model(), seal(request, recipients, at));
        } catch (InvalidKeyException e) {
            throw unavailable("a worker's sealing key is none", e);
        } catch (InterruptedIOException e) {
            throw unavailable("interrupted while the request was sent", e);
        } catch (IOException e) {
            throw unavailable(settings.server() + " cannot be asked: " + e.getMessage(), e);
        } catch (WireException e) {
            throw new RequestException(new Failure.Invalid("", e.getMessage()), e);
        }
    }

    private Generation send(PeerClient sender, String model, SealedRequest.Sealed sealed) throws IOException {
        try {
            PeerClient.Opened opened = sender.open(settings.server(), "/sealed/v1/generate",
                    Json.object().put("model", model).put("sealed_body", sealed.envelope()), settings.stall());
            if (opened.status() != OK) {
                throw new RequestException(refusal(opened));
            }
            return new OpenedAnswer(opened.body(), sealed.answer(), settings.stall(), settings.server().toString());
        } catch (IOException | RequestException e) {
            sealed.answer().close();
            throw e;
        }
    }

    private static SealedRequest.Sealed seal(GenerateRequest request, List<byte[]> recipients, Instant at)
            throws InvalidKeyException {
        byte[] plain = Json.bytes(RequestCodec.json(request));
        try {
            return SealedRequest.seal(plain, request.model(), recipients, at);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private Failure refusal(PeerClient.Opened opened) throws IOException {
        String what = settings.server() + " answers with HTTP status " + opened.status();
        try (BodyStream body = opened.body()) {
            Fields fields = Json.read(body.all(MAX_REFUSAL_BYTES, limits.connect(), opened.who()), what);
            if (fields.has("failure")) {
                return FailureCodec.of(fields.object("failure"));
            }
            String why = fields.maybeObject("error").map(error -> ": " + error.text("message", "")).orElse("");
            return new Failure.Unavailable(RETRY, what + why);
        } catch (WireException e) {
            // A proxy's own page, a redirect, or nothing at all: no fault of the request, so another server may take it.
            return new Failure.Unavailable(RETRY, what + ", and not in Alcove's words: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(what);
        }
   }

    private static RequestException unavailable(String message, Exception cause) {
        return new RequestException(new Failure.Unavailable(RETRY, message), cause);
    }

    @Override
    public synchronized void close() {
        if (known != null) {
            known.sender().close();
            known = null;
        }
    }
}
