package org.alcove.connect;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.Verifier;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.WorkerReport;

/**
 * One look at the workers of a server.
 *
 * @param nonce what was asked with
 * @param tlsKey what the connection showed: a hash, zeros where it was no TLS; absent where another process stands in between
 * @param at when
 */
record Examination(Verifier verifier, Policy policy, Collateral collateral, byte[] nonce, Optional<byte[]> tlsKey, Instant at) {

    /** Judges what the server tells of one worker. */
    Finding judge(Fields told) {
        WorkerReport report = WorkerReport.of(told.object("report"));
        if (!told.has("evidence")) {
            return Finding.refused(report, told.text("problem", "it sends no evidence"));
        }
        EvidenceDocument document;
        try {
            document = EvidenceDocument.read(told.bytes("evidence"));
        } catch (AttestationException e) {
            return Finding.refused(report, e.getMessage());
        }
        if (!MessageDigest.isEqual(nonce, document.nonce())) {
            return Finding.refused(report, "its evidence is for another nonce than the one that was sent: it may be old");
        }
        if (tlsKey.isPresent() && !MessageDigest.isEqual(tlsKey.get(), document.tlsKey())) {
            return Finding.refused(report, "the connection shows the TLS key " + hex(tlsKey.get()) + ", its evidence holds "
                    + hex(document.tlsKey()) + "; somebody is in between (where that is an API process or a proxy of yours, say"
                    + " --relayed)");
        }
        Verdict verdict = verifier.verify(document.evidence(), collateral, policy.withReportData(document.reportData()), at);
        return new Finding(report, Optional.of(document), Optional.of(verdict), verdict.good() ? "" : failed(verdict));
    }

    private static String failed(Verdict verdict) {
        return verdict.checks().stream().filter(check -> check.result() == Check.Result.FAILED && !check.expected().isEmpty())
                .map(check -> check.name() + " is " + check.found() + ", expected " + check.expected())
                .collect(Collectors.joining("; "));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
