package org.alcove.attestation.tdx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.json.StrictJson;

/** What there is to judge in a file: a quote alone, or what a server answered at {@code /attestation}. */
final class EvidenceFile {
    private static final int MOST_WORKERS = 1_000;

    private EvidenceFile() {
    }

    /**
     * One thing to judge.
     *
     * @param reportData what its quote must hold; empty for a quote alone, where the policy says it
     */
    record Judged(Evidence evidence, Optional<byte[]> reportData) {
    }

    /**
     * Reads a file.
     *
     * @param log the log that belongs to a quote alone
     * @param nonce 64 hex digits, which documents must be made for
     * @throws AttestationException if it cannot be read, or a worker shows no evidence
     */
    static List<Judged> read(byte[] file, Optional<byte[]> log, Optional<String> nonce) throws AttestationException {
        if (file.length == 0 || file[0] != '{') {
            return List.of(new Judged(new Evidence(file, log), Optional.empty()));
        }
        StrictJson json = StrictJson.parse(file, "the evidence");
        if (!json.has("workers")) {
            return List.of(document(file, nonce));
        }
        List<Judged> all = new ArrayList<>();
        for (StrictJson worker : json.objects("workers", MOST_WORKERS)) {
            if (!worker.has("evidence")) {
                throw new AttestationException("a worker shows no evidence: " + worker.text("problem"));
            }
            try {
                all.add(document(Base64.getDecoder().decode(worker.text("evidence").getBytes(StandardCharsets.UTF_8)), nonce));
            } catch (IllegalArgumentException e) {
                throw new AttestationException("the evidence of a worker is not base64", e);
            }
        }
        if (all.isEmpty()) {
            throw new AttestationException("the server has no workers, so there is nothing to judge");
        }
        return all;
    }

    private static Judged document(byte[] json, Optional<String> nonce) throws AttestationException {
        EvidenceDocument document = EvidenceDocument.read(json);
        String made = HexFormat.of().formatHex(document.nonce());
        if (nonce.isPresent() && !nonce.get().equals(made)) {
            throw new AttestationException("the evidence is for the nonce " + made + ", not for " + nonce.get()
                    + ": it may be old");
        }
        return new Judged(document.evidence(), Optional.of(document.reportData()));
    }
}
