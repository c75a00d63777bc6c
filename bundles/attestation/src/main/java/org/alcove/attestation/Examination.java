package org.alcove.attestation;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges what a process answered to one question for evidence. Beside what {@link Verifier} looks at, that it is for this
 * question, and that whoever the evidence speaks of is at the other end of this connection.
 *
 * @param nonce what was asked with
 * @param tlsKey what the connection showed: SHA-256 of the public key (SPKI), zeros where it was no TLS; absent where another
 *        process stands in between
 * @param at when
 */
public record Examination(Verifier verifier, Policy policy, Collateral collateral, byte[] nonce, Optional<byte[]> tlsKey,
        Instant at) {

    /** Names of lines. */
    private static final String TCB = "TCB status";
    private static final String ADVISORIES = "advisories";

    /** Copies the bytes. */
    public Examination {
        nonce = nonce.clone();
        tlsKey = tlsKey.map(byte[]::clone);
    }

    /**
     * What came of it.
     *
     * @param document the evidence, where it can be read
     * @param verdict what the verifier says of it, where it came to that
     * @param problem why it is refused; empty where it is not
     */
    public record Outcome(Optional<EvidenceDocument> document, Optional<Verdict> verdict, String problem) {

        /** Refused without a verdict. */
        public static Outcome refused(String problem) {
            return new Outcome(Optional.empty(), Optional.empty(), problem);
        }

        /** Whether the policy accepts the process. */
        public boolean good() {
            return problem.isEmpty() && verdict.isPresent() && verdict.get().good();
        }

        /** Whether the verdict rests on nothing but a policy that allows mock evidence. */
        public boolean mock() {
            return verdict.isPresent() && verdict.get() instanceof Verdict.Mock;
        }
    }

    /** @param json what was answered, an {@linkplain EvidenceDocument#json evidence document} or anything else */
    public Outcome judge(byte[] json) {
        EvidenceDocument document;
        try {
            document = EvidenceDocument.read(json);
        } catch (AttestationException e) {
            return Outcome.refused(e.getMessage());
        }
        if (!MessageDigest.isEqual(nonce, document.nonce())) {
            return Outcome.refused("its evidence is for another nonce than the one that was sent: it may be old");
        }
        if (tlsKey.isPresent() && !MessageDigest.isEqual(tlsKey.get(), document.tlsKey())) {
            return Outcome.refused("the connection shows the TLS key " + hex(tlsKey.get()) + ", its evidence holds "
                    + hex(document.tlsKey()) + "; somebody is in between: an API process or a proxy of yours, which"
                    + " connect takes with --relayed, or an attacker");
        }
        Verdict verdict = verifier.verify(document.evidence(), collateral, policy.withReportData(document.reportData()), at);
        return new Outcome(Optional.of(document), Optional.of(verdict), verdict.good() ? "" : failed(verdict));
    }

    /** The lines that failed; who is out of date is also told of what. */
    private static String failed(Verdict verdict) {
        List<Check> failed = verdict.checks().stream()
                .filter(check -> check.result() == Check.Result.FAILED && !check.expected().isEmpty()).toList();
        boolean stale = failed.stream().anyMatch(check -> check.name().equals(TCB));
        return Stream.concat(failed.stream(), verdict.checks().stream()
                        .filter(check -> stale && check.name().equals(ADVISORIES) && check.result() == Check.Result.WARNED))
                .map(check -> check.name() + " is " + check.found() + ", expected " + check.expected())
                .collect(Collectors.joining("; "));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
