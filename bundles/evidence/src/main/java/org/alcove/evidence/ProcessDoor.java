package org.alcove.evidence;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SealedDoor;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.WireException;
import org.alcove.sealing.HpkeKeys;
import org.alcove.sealing.ReplayGuard;
import org.alcove.sealing.SealedRequest;
import org.alcove.sealing.SealingException;

/** The door of this process: its sealing key lives as long as it does and is never written anywhere. Thread-safe. */
final class ProcessDoor implements SealedDoor {

    /** How far a client's clock may be wrong, and how long a request may be on its way. */
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 1 << 20;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration NO_EVIDENCE = Duration.ofSeconds(10);

    private final QuoteSource source;
    private final HpkeKeys keys = HpkeKeys.generate();
    private final ReplayGuard guard = new ReplayGuard(WINDOW, MOST_REMEMBERED);
    private final byte[] tlsKey;
    private final Supplier<byte[]> claims;
    private final Guards guards;
    private final InstantSource clock;

    /**
     * @param tlsKey hash of the key this process shows; zeros where it speaks no TLS
     * @param claims further statements, JSON, as they are at the time
     * @param guards see the requests that are opened here, and their answers: nobody before could read them
     */
    ProcessDoor(QuoteSource source, byte[] tlsKey, Supplier<byte[]> claims, Guards guards, InstantSource clock) {
        this.source = source;
        this.tlsKey = tlsKey;
        this.claims = claims;
        this.guards = guards;
        this.clock = clock;
    }

    /** One quote at a time: the machine makes them slowly, and its reports are one queue. */
    @Override
    public synchronized byte[] evidence(byte[] nonce) {
        if (nonce.length != EvidenceDocument.FIELD_BYTES) {
            throw new RequestException(new Failure.Invalid("nonce", "the nonce has " + nonce.length + " bytes, expected "
                    + EvidenceDocument.FIELD_BYTES));
        }
        byte[] claimed = claims.get();
        byte[] bound = EvidenceDocument.reportData(source.form(), nonce, tlsKey, keys.publicKey(), claimed);
        try {
            return new EvidenceDocument(source.form(), nonce, tlsKey, keys.publicKey(), claimed, source.quote(bound)).json();
        } catch (IOException e) {
            throw new RequestException(new Failure.Unavailable(NO_EVIDENCE, "there is no evidence to be had: "
                    + e.getMessage()), e);
        }
    }

    @Override
    public Generation generate(GenerateRequest sealed, Function<GenerateRequest, Generation> worker) {
        byte[] body = sealed.context().sealedBody().orElseThrow(() -> invalid("the request has no sealed body"));
        SealedRequest.Opened opened;
        try {
            opened = SealedRequest.open(body, sealed.model(), keys);
            guard.admit(opened, clock.instant());
        } catch (SealingException e) {
            throw e.kind() == SealingException.Kind.OTHER_KEY
                    ? new RequestException(new Failure.Unavailable(RETRY, e.getMessage())) : invalid(e.getMessage());
        }
        GenerateRequest inner = inside(sealed, opened);
        Vigil vigil = admitted(inner);
        return new SealedAnswer(worker.apply(inner), vigil, opened.answer());
    }

    /** A refusal goes out in the open: a guard's reason tells of the text, its name does not. */
    private Vigil admitted(GenerateRequest inner) {
        try {
            return guards.admit(inner);
        } catch (RequestException e) {
            if (e.failure() instanceof Failure.Refused refused) {
                throw new RequestException(new Failure.Refused(refused.guard(), "the guard " + refused.guard()
                        + " of the worker refuses the request; why is not told outside the seal"));
            }
            throw e;
        }
    }

    /** Who asks and how urgently is said outside; what is asked, inside. */
    private static GenerateRequest inside(GenerateRequest sealed, SealedRequest.Opened opened) {
        GenerateRequest inner;
        try {
            inner = RequestCodec.of(Json.read(opened.payload(), "the sealed request"));
        } catch (WireException e) {
            throw invalid(e.getMessage());
        } finally {
            Arrays.fill(opened.payload(), (byte) 0);
        }
        if (!inner.model().equals(sealed.model())) {
            throw invalid("the sealed request is for another model than the one it was brought to");
        }
        return new GenerateRequest(sealed.model(), sealed.context().opened(inner.context().resume()), inner.input(),
                inner.sampling(), inner.limits(), inner.logprobs());
    }

    private static RequestException invalid(String message) {
        return new RequestException(new Failure.Invalid("sealed_body", message));
    }
}
