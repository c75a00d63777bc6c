package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;

/** Verdicts on fake platforms and what tests ask of them. */
final class Judged {
    static final String ANY = "\"mr_td\":\"any\",\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\","
            + "\"mr_config_id\":\"any\"";

    private Judged() {
    }

    /** A policy that accepts every measurement, and what is said besides. */
    static Policy policy(String fields) {
        return policy(fields, "\"report_data\":\"any\"");
    }

    static Policy policy(String fields, String measurements) {
        try {
            return Policy.read(("{\"version\":1,\"allow_mock\":true," + (fields.isEmpty() ? "" : fields + ",")
                    + "\"measurements\":{"
                    + ANY + "," + measurements + "}}").getBytes(StandardCharsets.UTF_8));
        } catch (AttestationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Verdict verdict(FakePlatform platform, Policy policy) {
        Collateral collateral = platform.collateral();
        return verdict(platform, platform.evidence(), collateral, policy);
    }

    static Verdict verdict(FakePlatform platform, Evidence evidence, Collateral collateral, Policy policy) {
        return assertInstanceOf(Verdict.Mock.class,
                new TdxVerifier(platform.trust()).verify(evidence, collateral, policy, FakePlatform.NOW));
    }

    static void good(FakePlatform platform, Policy policy) {
        Verdict verdict = verdict(platform, policy);
        assertTrue(verdict.good(), verdict.text());
    }

    /** The verdict is bad, and these are the lines that failed, those not counted that were not reached. */
    static void refused(FakePlatform platform, Policy policy, Item... items) {
        refused(verdict(platform, policy), items);
    }

    static void refused(FakePlatform platform, Item... items) {
        refused(platform, policy(""), items);
    }

    static void refused(Verdict verdict, Item... items) {
        assertEquals(List.of(items).stream().map(Item::text).toList(), failed(verdict), verdict.text());
        assertTrue(!verdict.good() && items.length > 0);
    }

    static List<String> failed(Verdict verdict) {
        return verdict.checks().stream().filter(check -> check.result() == Check.Result.FAILED)
                .filter(check -> !check.expected().isEmpty()).map(Check::name).toList();
    }

    static Check line(Verdict verdict, Item item) {
        return verdict.checks().stream().filter(check -> check.name().equals(item.text())).findFirst().orElseThrow();
    }
}
