package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.RuntimeEvents;
import org.alcove.attestation.Verdict;
import org.junit.jupiter.api.Test;

class BundleRulesTest {
    private static final int RTMR_0 = 328;
    private static final int RTMR_3 = 472;
    private static final int REPORT_DATA = 520;
    private static final List<String> PRODUCT = List.of("core 1.0.0 sha256:" + "aa".repeat(32),
            "plugin 2.0.0 sha256:" + "bb".repeat(32) + " release");

    private final FakePlatform platform = new FakePlatform();

    private static Policy policy(String... digests) {
        return Judged.policy("\"require_event_log\":true,\"bundles\":[" + List.of(digests).stream()
                .map(digest -> "\"" + digest.repeat(32) + "\"").collect(Collectors.joining(",")) + "]");
    }

    private static byte[] claims(List<String> bundles) {
        return ("{\"purpose\":\"x\",\"sealed\":{\"bundles\":[" + bundles.stream().map(BundleRulesTest::json)
                .collect(Collectors.joining(",")) + "]}}").getBytes(StandardCharsets.UTF_8);
    }

    private static String json(String bundle) {
        String[] words = bundle.split(" ");
        return "{\"name\":\"" + words[0] + "\",\"version\":\"" + words[1] + "\",\"sha256\":\""
                + words[2].substring("sha256:".length()) + "\",\"signer\":\"" + (words.length == 4 ? words[3] : "") + "\"}";
    }

    private static List<String> events(List<String> bundles) {
        List<String> events = new ArrayList<>(List.of("github.com/confidential-containers PullImage x"));
        bundles.forEach(bundle -> events.add("org.alcove bundle " + bundle));
        return events;
    }

    /** What a machine shows that measured these bundles and whose process lists those. */
    private Verdict verdict(List<String> measured, List<String> listed, Policy policy) throws Exception {
        Collateral collateral = platform.collateral();
        byte[] log = RuntimeEvents.behind(new EventLogTest.Log().bytes(64), events(measured));
        platform.put(RTMR_0, "00".repeat(48));
        platform.put(RTMR_3, HexFormat.of().formatHex(EventLog.replay(log).registers().get(3)));
        byte[] field = new byte[EvidenceDocument.FIELD_BYTES];
        byte[] bound = EvidenceDocument.reportData(EvidenceDocument.Form.SHA512, field, field, field, claims(PRODUCT));
        platform.put(REPORT_DATA, HexFormat.of().formatHex(bound));
        Evidence evidence = new EvidenceDocument(EvidenceDocument.Form.SHA512, field, field, field, claims(listed),
                new Evidence(platform.quote(), Optional.of(log))).evidence();
        return Judged.verdict(platform, evidence, collateral, policy);
    }

    @Test
    void aListThatTheQuoteBindsAndTheLogHoldsIsGood() throws Exception {
        Verdict verdict = verdict(PRODUCT, PRODUCT, policy("aa", "bb", "cc"));
        assertTrue(verdict.good(), verdict.text());
        assertEquals(Check.Result.PASSED, Judged.line(verdict, Item.MEASURED).result());
    }

    @Test
    void aBundleThatThePolicyDoesNotNameIsRefusedByItsName() throws Exception {
        Verdict verdict = verdict(PRODUCT, PRODUCT, policy("aa", "cc"));
        Judged.refused(verdict, Item.BUNDLES);
        assertTrue(Judged.line(verdict, Item.BUNDLES).found().startsWith("plugin 2.0.0"), verdict.text());
    }

    @Test
    void aListThatWasChangedAfterwardsIsNotBoundByTheQuote() throws Exception {
        Verdict verdict = verdict(PRODUCT, PRODUCT.subList(0, 1), policy("aa", "bb"));
        Judged.refused(verdict, Item.BUNDLES);
        assertTrue(Judged.line(verdict, Item.BUNDLES).found().contains("does not bind"), verdict.text());
    }

    @Test
    void aBundleThatIsListedAndNotMeasuredOrMeasuredAndNotListedIsRefused() throws Exception {
        Verdict unmeasured = verdict(PRODUCT.subList(0, 1), PRODUCT, policy("aa", "bb"));
        Judged.refused(unmeasured, Item.MEASURED);
        assertTrue(Judged.line(unmeasured, Item.MEASURED).found().contains("no event for plugin"), unmeasured.text());
        List<String> more = new ArrayList<>(PRODUCT);
        more.add("hidden 1.0.0 sha256:" + "dd".repeat(32));
        Verdict hidden = verdict(more, PRODUCT, policy("aa", "bb"));
        Judged.refused(hidden, Item.MEASURED);
        assertTrue(Judged.line(hidden, Item.MEASURED).found().contains("hidden 1.0.0"), hidden.text());
    }

    @Test
    void anEventWhoseTextWasChangedIsNoEventOfSoftware() throws Exception {
        byte[] log = RuntimeEvents.behind(new EventLogTest.Log().bytes(0), List.of("org.alcove bundle one"));
        assertEquals(List.of("org.alcove bundle one"), EventLog.replay(log).software());
        log[log.length - 1] = 'f';
        assertEquals(List.of(), EventLog.replay(log).software());
    }

    @Test
    void aQuoteAloneOrAProcessThatIsNotSealedIsRefusedWhereBundlesAreNamed() {
        Judged.refused(platform, Judged.policy("\"bundles\":[\"" + "aa".repeat(32) + "\"]"), Item.BUNDLES);
        Judged.good(platform, Judged.policy(""));
    }

    @Test
    void mockEvidenceIsHeldToTheListToo() {
        byte[] field = new byte[EvidenceDocument.FIELD_BYTES];
        byte[] bound = EvidenceDocument.reportData(EvidenceDocument.Form.SHA512, field, field, field, claims(PRODUCT));
        Evidence evidence = new EvidenceDocument(EvidenceDocument.Form.SHA512, field, field, field, claims(PRODUCT),
                Evidence.mock(Map.of(Measurement.REPORT_DATA, bound))).evidence();
        assertTrue(new TdxVerifier().verify(evidence, platform.collateral(), policy("aa", "bb"), FakePlatform.NOW).good());
        Judged.refused(new TdxVerifier().verify(evidence, platform.collateral(), policy("aa"), FakePlatform.NOW), Item.BUNDLES);
    }
}
