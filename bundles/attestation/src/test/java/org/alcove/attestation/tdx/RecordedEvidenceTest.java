package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.TcbStatus;
import org.alcove.attestation.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real quotes get the verdicts that an independent verifier gave them. */
class RecordedEvidenceTest {
    private static final String JUNE_2023 = "2023-06-20T00:00:00Z";
    private static final String JUNE_2025 = "2025-06-25T00:00:00Z";
    private static final String OCTOBER_2025 = "2025-11-01T00:00:00Z";
    private static final String MARCH_2026 = "2026-03-01T00:00:00Z";
    private static final List<String> NO_LEVEL = List.of("platform TCB level", "TCB status", "advisories");
    private static final String TABLE = "automata/forge-test/assets/0625/tcbinfov3_";

    @BeforeEach
    void find() {
        Recorded.needed();
    }

    @Test
    void aQuoteOfVersion4OnACurrentPlatformIsGood() throws Exception {
        Verdict.Tdx verdict = verify("dcap-qvl/tdx_quote", Recorded.set(Recorded.JUNE), JUNE_2025);
        assertTrue(verdict.good(), verdict.text());
        assertEquals(Optional.of(TcbStatus.UP_TO_DATE), verdict.tcb());
        assertEquals(List.of(), verdict.advisories());
    }

    @Test
    void aQuoteOfVersion5OnACurrentPlatformIsGood() throws Exception {
        Collateral february = Recorded.set(Recorded.FEBRUARY);
        Verdict.Tdx verdict = verify("go-tdx-guest/quote_v5_sample.dat", february, MARCH_2026);
        assertTrue(verdict.good(), verdict.text());
        assertEquals(Optional.of(TcbStatus.UP_TO_DATE), verdict.tcb());
        expect(List.of(), TcbStatus.UP_TO_DATE, "go-tdx-guest/quote_v5_sample.dat",
                Recorded.withTcb(february, "go-tdx-guest/sample_tcbinfo_response_v5"), MARCH_2026);
    }

    @Test
    void thePlatformsOfNoLevelAreRefusedForThatAlone() throws Exception {
        refuse(NO_LEVEL, "dcap-qvl/tdx_quote_outdated", Recorded.set(Recorded.FEBRUARY), MARCH_2026);
        refuse(NO_LEVEL, "dcap-qvl/quote-from-tappd.hex", Recorded.set(Recorded.JUNE), JUNE_2025);
        refuse(NO_LEVEL, "dcap-qvl/tdx-quote.hex", Recorded.set(Recorded.JUNE), JUNE_2025);
        refuse(List.of("platform TCB level", "TCB status", "advisories", "mr_service_td"), "trustee/verifier/tdx_quote_5.dat",
                Recorded.set(Recorded.FEBRUARY), MARCH_2026);
    }

    @Test
    void theEarlyPlatformHasNoLevelEitherAndMoreAgainstIt() throws Exception {
        refuse(List.of("bytes behind the quote", "platform TCB level", "TCB status", "advisories", "SEPT_VE_DISABLE set"),
                "go-tdx-guest/tdx_prod_quote_SPR_E4.dat", Recorded.of2023(), JUNE_2023);
    }

    @Test
    void aMachineInDebugModeIsRefusedHoweverCurrentItsPlatform() throws Exception {
        expect(List.of("debug off"), TcbStatus.UP_TO_DATE, "trustee/verifier/tdx_quote_4.dat", Recorded.of2023(), JUNE_2023);
    }

    @Test
    void aPlatformThatLacksAPceUpdateIsOutOfDate() throws Exception {
        Verdict.Tdx verdict = expect(List.of("TCB status"), TcbStatus.OUT_OF_DATE, "trustee/verifier/tdx_quote_6.dat",
                Recorded.ofOctober(), OCTOBER_2025);
        assertFalse(verdict.measurements().get(Measurement.MR_CONFIG_ID).matches("0*"));
        assertTrue(verdict.measurements().get(Measurement.REPORT_DATA).endsWith("0".repeat(32)));
    }

    @Test
    void theSamePlatformIsCurrentByOneTableAndOutOfDateByTheNext() throws Exception {
        String quote = "automata/forge-test/assets/quotes/alibaba_quote_5.dat";
        Collateral before = Recorded.withTcb(Recorded.set(Recorded.JUNE), TABLE + "90C06F000000.json");
        expect(List.of("mr_service_td"), TcbStatus.UP_TO_DATE, quote, before, JUNE_2025);
        expect(List.of("TCB status", "mr_service_td"), TcbStatus.OUT_OF_DATE, quote, Recorded.set(Recorded.FEBRUARY), MARCH_2026);
    }

    @Test
    void olderPlatformsHaveTheStatusThatTheirTableSays() throws Exception {
        Collateral table = Recorded.withTcb(Recorded.set(Recorded.JUNE), TABLE + "00806f050000.json");
        expect(List.of(), TcbStatus.UP_TO_DATE, "go-tdx-guest/ccel/cos-113-tdx-quote.dat", table, JUNE_2025);
        expect(List.of("TCB status", "SEPT_VE_DISABLE set"), TcbStatus.OUT_OF_DATE, "trustee/verifier/az-tdx-vtpm/td-quote.bin",
                table, JUNE_2025);
        expect(List.of("TCB status"), TcbStatus.OUT_OF_DATE, "automata/samples/quotev4.hex", table, JUNE_2025);
        expect(List.of("TCB status"), TcbStatus.OUT_OF_DATE, "automata/solana/quote_tdx.bin", table, JUNE_2025);
    }

    @Test
    void expiredCollateralIsSaidToBeExpiredAndTheQuoteNotToBeBad() throws Exception {
        List<String> failed = failed(verify("dcap-qvl/tdx_quote", Recorded.set(Recorded.JUNE), "2025-08-01T00:00:00Z"));
        assertTrue(failed.containsAll(List.of("PCK CRL", "TCB info in force", "QE identity in force")), failed::toString);
        assertFalse(failed.contains("quote signature") || failed.contains("PCK chain"), failed::toString);
    }

    @Test
    void collateralOfAnotherPlatformIsRefused() throws Exception {
        List<String> failed = failed(verify("go-tdx-guest/quote_v5_sample.dat", Recorded.set(Recorded.JUNE), JUNE_2025));
        assertTrue(failed.contains("TCB info of this platform"), failed::toString);
    }

    @Test
    void aRootOfIntelsNameButNotIntelsKeyIsRefusedAndServesOnlyAsAMock() throws Exception {
        Evidence evidence = new Evidence(Recorded.leafFirst(Recorded.bytes("intel-qvl/quote.dat")), Optional.empty());
        Verdict genuine = new TdxVerifier().verify(evidence, Recorded.synthetic(), policy(), Instant.parse(JUNE_2025));
        assertEquals(List.of("PCK root", "TCB info signer", "QE identity signer"),
                failed(genuine).stream().filter(name -> name.matches("PCK root|.*signer|QE report signature")).toList());
        String key = genuine.checks().stream().filter(check -> check.name().equals("PCK root")).findFirst().orElseThrow()
                .found().replace("key ", "");
        Verdict own = new TdxVerifier(new TrustRoot("a synthetic root", key)).verify(evidence, Recorded.synthetic(), policy(),
                Instant.parse(JUNE_2025));
        assertInstanceOf(Verdict.Mock.class, own);
        List<String> failed = failed(own);
        assertTrue(failed.contains("real evidence"), failed::toString);
        for (Item item : List.of(Item.PCK_CHAIN, Item.ROOT, Item.QE_SIGNATURE, Item.QE_BINDING, Item.SIGNATURE,
                Item.TCB_SIGNER)) {
            assertFalse(failed.contains(item.text()), own::text);
        }
    }

    private static void refuse(List<String> failed, String quote, Collateral collateral, String at) throws Exception {
        assertEquals(failed, failed(verify(quote, collateral, at)), quote);
    }

    private static Verdict.Tdx expect(List<String> failed, TcbStatus tcb, String quote, Collateral collateral, String at)
            throws Exception {
        Verdict.Tdx verdict = verify(quote, collateral, at);
        assertEquals(failed, failed(verdict), quote);
        assertEquals(Optional.of(tcb), verdict.tcb(), quote);
        return verdict;
    }

    private static List<String> failed(Verdict verdict) {
        return verdict.checks().stream().filter(check -> check.result() == Check.Result.FAILED).map(Check::name).toList();
    }

    private static Verdict.Tdx verify(String quote, Collateral collateral, String at) throws Exception {
        return (Verdict.Tdx) new TdxVerifier().verify(new Evidence(Recorded.bytes(quote), Optional.empty()), collateral, policy(),
                Instant.parse(at));
    }

    private static Policy policy() throws Exception {
        return Policy.read("""
                {"version": 1, "measurements": {"mr_td": "any", "rtmr_0": "any", "rtmr_1": "any", "rtmr_2": "any",
                 "rtmr_3": "any", "mr_config_id": "any", "report_data": "any"}}""".getBytes());
    }
}
