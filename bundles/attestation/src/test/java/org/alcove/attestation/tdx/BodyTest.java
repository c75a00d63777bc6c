package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.junit.jupiter.api.Test;

/** What a policy says of the machine itself. */
class BodyTest {
    private final FakePlatform platform = new FakePlatform();

    @Test
    void everyShapeOfQuoteIsRead() {
        for (int type : new int[] {2, 3}) {
            Judged.good(platform.version5(type), Judged.policy(""));
        }
        platform.version = 4;
        platform.bodyType = 2;
        Judged.good(platform, Judged.policy(""));
    }

    @Test
    void aMachineInDebugModeIsRefusedAndNoPolicyHelps() {
        platform.put(120, "0100001000000000");
        Judged.refused(platform, Item.DEBUG);
        Judged.refused(platform, Judged.policy("", "\"report_data\":\"any\",\"td_attributes\":[\"0100001000000000\"]"),
                Item.DEBUG);
    }

    @Test
    void anUnknownAttributeIsRefused() {
        for (String attributes : List.of("0200001000000000", "8000001000000000", "0001001000000000", "0000001001000000",
                "0000001000000040")) {
            platform.put(120, attributes);
            Judged.refused(platform, Item.ATTRIBUTES);
        }
        platform.put(120, "000000f800000080");
        Judged.good(platform, Judged.policy(""));
        assertEquals(List.of("td_attributes"), Judged.failed(Judged.verdict(platform,
                Judged.policy("", "\"report_data\":\"any\",\"td_attributes\":[\"0000001000000000\"]"))));
    }

    @Test
    void exceptionsOfTheHostMustBeOffUnlessThePolicySaysOtherwise() {
        platform.put(120, "0000000000000000");
        Judged.refused(platform, Item.SEPT_VE);
        Judged.good(platform, Judged.policy("\"allow_sept_ve\":true"));
    }

    @Test
    void reportDataIsBound() {
        byte[] nonce = new byte[64];
        nonce[0] = 0x33;
        Policy policy = Judged.policy("", "\"report_data\":[\"" + "00".repeat(64) + "\"]");
        assertEquals(List.of("report_data"), Judged.failed(Judged.verdict(platform, policy)));
        assertTrue(Judged.verdict(platform, policy.withReportData(nonce)).good());
        nonce[63] ^= 1;
        assertEquals(List.of("report_data"), Judged.failed(Judged.verdict(platform, policy.withReportData(nonce))));
    }

    @Test
    void aPolicyThatSaysNothingOfAMeasurementRefusesIt() throws Exception {
        Policy silent = Policy.read("{\"version\":1,\"allow_mock\":true,\"measurements\":{}}".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("mr_td", "rtmr_0", "rtmr_1", "rtmr_2", "rtmr_3", "mr_config_id", "report_data"),
                Judged.failed(Judged.verdict(platform, silent)));
    }

    @Test
    void eachMeasurementIsHeldAgainstItsOwnList() {
        for (Measurement measurement : Measurement.values()) {
            String other = "\"" + measurement.key() + "\":[\"" + "ee".repeat(measurement.bytes()) + "\"]";
            String fields = (Judged.ANY + ",\"report_data\":\"any\"").replaceAll("\"" + measurement.key() + "\":\"any\",?", "");
            String all = fields.endsWith(",") ? fields + other : fields + "," + other;
            Verdict verdict = Judged.verdict(platform.version5(3), read(all));
            assertEquals(List.of(measurement.key()), Judged.failed(verdict));
            String own = other.replace("ee".repeat(measurement.bytes()), verdict.measurements().get(measurement));
            assertTrue(Judged.verdict(platform, read(all.replace(other, own.toUpperCase().replace(measurement.key().toUpperCase(),
                    measurement.key())))).good(), measurement.key());
        }
    }

    @Test
    void aServiceMachineBoundToThisOneIsRefusedUnlessThePolicyNamesIt() {
        platform.version5(3).put(600, "07");
        assertEquals(List.of("mr_service_td"), Judged.failed(Judged.verdict(platform, Judged.policy(""))));
        Judged.good(platform, Judged.policy("", "\"report_data\":\"any\",\"mr_service_td\":[\"07" + "00".repeat(47) + "\"]"));
    }

    @Test
    void anExpiredPolicyAcceptsNothing() {
        Judged.good(platform, Judged.policy("\"expires\":\"2026-06-01T12:00:01Z\""));
        Judged.refused(platform, Judged.policy("\"expires\":\"2026-06-01T12:00:00Z\""), Item.POLICY);
    }

    @Test
    void anEventLogMustGiveTheRegistersOfTheQuote() throws Exception {
        byte[] digest = new byte[48];
        digest[5] = 5;
        byte[] log = new EventLogTest.Log().event(1, 1, digest).event(3, 1, digest).bytes(64);
        EventLog replayed = EventLog.replay(log);
        platform.put(328, HexFormat.of().formatHex(replayed.registers().get(0)));
        platform.put(424, HexFormat.of().formatHex(replayed.registers().get(2)));
        Policy required = Judged.policy("\"require_event_log\":true");
        assertTrue(logged(log, required).good());
        byte[] another = new EventLogTest.Log().event(1, 1, digest).event(4, 1, digest).bytes(64);
        Judged.refused(logged(another, required), Item.EVENT_LOG);
        Judged.refused(logged(new byte[10], required), Item.EVENT_LOG);
        Judged.refused(platform, required, Item.EVENT_LOG);
        Judged.good(platform, Judged.policy(""));
    }

    @Test
    void aMockVerdictSaysSoAndIsRefusedByDefault() throws Exception {
        Evidence mock = Evidence.mock(Map.of(Measurement.MR_TD, new byte[48]));
        Collateral collateral = platform.collateral();
        for (Evidence evidence : List.of(mock, platform.evidence())) {
            TdxVerifier verifier = evidence == mock ? new TdxVerifier() : new TdxVerifier(platform.trust());
            Policy allows = Judged.policy("");
            Policy real = Policy.read(("{\"version\":1,\"measurements\":{" + Judged.ANY + ",\"report_data\":\"any\"}}")
                    .getBytes(StandardCharsets.UTF_8));
            Verdict.Mock refused = (Verdict.Mock) verifier.verify(evidence, collateral, real, FakePlatform.NOW);
            assertFalse(refused.good());
            assertEquals(List.of("real evidence"), Judged.failed(refused));
            Verdict.Mock allowed = (Verdict.Mock) verifier.verify(evidence, collateral, allows, FakePlatform.NOW);
            assertTrue(allowed.good(), allowed.text());
            assertEquals(Check.Result.WARNED, Judged.line(allowed, Item.REAL).result());
            assertTrue(allowed.text().startsWith("MOCK EVIDENCE") && allowed.text().contains("ACCEPTED AS MOCK ONLY"));
            assertTrue(refused.text().startsWith("MOCK EVIDENCE") && refused.text().contains("REFUSED"));
            assertTrue(VerdictJson.of(allowed).contains("\"kind\" : \"mock\""));
        }
        Policy another = Judged.policy("", "\"report_data\":[\"" + "11".repeat(64) + "\"]");
        assertEquals(List.of("report_data"), Judged.failed(new TdxVerifier().verify(mock, collateral, another,
                FakePlatform.NOW)));
    }

    @Test
    void damagedMockEvidenceIsRefused() {
        Collateral collateral = platform.collateral();
        for (String text : List.of("", "{", "{\"mr_td\":\"00\"}", "{\"unknown\":\"00\"}", "[]", "{}{}", "{\"mr_td\":1}")) {
            byte[] bytes = (Evidence.MOCK_HEADER + "\n" + text).getBytes(StandardCharsets.UTF_8);
            Judged.refused(new TdxVerifier().verify(new Evidence(bytes, Optional.empty()), collateral, Judged.policy(""),
                    FakePlatform.NOW), Item.STRUCTURE);
        }
    }

    private Verdict logged(byte[] log, Policy policy) {
        Collateral collateral = platform.collateral();
        return Judged.verdict(platform, new Evidence(platform.quote(), Optional.of(log)), collateral, policy);
    }

    private static Policy read(String measurements) {
        try {
            return Policy.read(("{\"version\":1,\"allow_mock\":true,\"measurements\":{" + measurements + "}}")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (AttestationException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
