package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Policy;
import org.alcove.attestation.TcbStatus;
import org.alcove.attestation.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The table of the manifest beside the recorded quotes, every one of them: its verdict, the times between which it is given, the
 * advisories of what is out of date, and the log that gives a quote's registers.
 */
class RecordedManifestTest {
    private static final String NONE = "none";
    private static final String JUNE = "2025-06-25T00:00:00Z";
    private static final String MARCH = "2026-03-01T00:00:00Z";
    private static final String TABLE = "automata/forge-test/assets/0625/tcbinfov3_";
    private static final String COS = "go-tdx-guest/ccel/cos-113-tdx-quote.dat";
    private static final List<String> RECOVERY = List.of("INTEL-SA-01036", "INTEL-SA-01079", "INTEL-SA-01099", "INTEL-SA-01103",
            "INTEL-SA-01111");

    /** @param status of the TCB; {@value #NONE} where the platform reaches no level */
    private record Row(String quote, Collateral collateral, String at, String status) {
    }

    @BeforeEach
    void find() {
        Recorded.needed();
    }

    private static List<Row> rows() {
        Collateral june = Recorded.set(Recorded.JUNE);
        Collateral february = Recorded.set(Recorded.FEBRUARY);
        Collateral alibaba = Recorded.withTcb(june, TABLE + "90C06F000000.json");
        Collateral rapids = Recorded.withTcb(june, TABLE + "00806f050000.json");
        return List.of(
                new Row("dcap-qvl/tdx_quote", june, JUNE, "UpToDate"),
                new Row("go-tdx-guest/quote_v5_sample.dat", february, MARCH, "UpToDate"),
                new Row("dcap-qvl/tdx_quote_outdated", february, MARCH, NONE),
                new Row("go-tdx-guest/tdx_prod_quote_SPR_E4.dat", Recorded.of2023(), "2023-06-20T00:00:00Z", NONE),
                new Row("trustee/verifier/tdx_quote_4.dat", Recorded.of2023(), "2023-06-20T00:00:00Z", "UpToDate"),
                new Row("trustee/verifier/tdx_quote_6.dat", Recorded.ofOctober(), "2025-11-01T00:00:00Z", "OutOfDate"),
                new Row("trustee/verifier/tdx_quote_5.dat", february, MARCH, NONE),
                new Row("automata/forge-test/assets/quotes/tdx_quote_5.dat", alibaba, JUNE, NONE),
                new Row("automata/forge-test/assets/quotes/alibaba_quote_5.dat", alibaba, JUNE, "UpToDate"),
                new Row("automata/samples/quotev5.dat", february, MARCH, "OutOfDate"),
                new Row("automata/samples/quotev4.hex", rapids, JUNE, "OutOfDate"),
                new Row("automata/solana/quote_tdx.bin", Recorded.withTcb(june,
                        "automata/solana/tcb_info_v3_with_tdx_module.json"), "2025-07-10T00:00:00Z", "OutOfDate"),
                new Row("trustee/verifier/az-tdx-vtpm/td-quote.bin", rapids, JUNE, "OutOfDate"),
                new Row(COS, rapids, JUNE, "UpToDate"),
                new Row("dcap-qvl/quote-from-tappd.hex", june, JUNE, NONE),
                new Row("dcap-qvl/tdx-quote.hex", june, JUNE, NONE),
                new Row("intel-qvl/quote.dat", Recorded.synthetic(), JUNE, NONE));
    }

    @Test
    void everyRecordedQuoteGetsTheStatusOfTheManifestAndOnlyThoseUpToDateAreGood() throws Exception {
        for (Row row : rows()) {
            Verdict.Tdx verdict = verify(new Evidence(Recorded.bytes(row.quote()), Optional.empty()), row, "");
            assertEquals(row.status(), verdict.tcb().map(TcbStatus::text).orElse(NONE), row.quote() + "\n" + verdict.text());
            assertTrue(!verdict.good() || row.status().equals("UpToDate"), row.quote());
        }
    }

    @Test
    void noRecordedQuoteIsForgotten() throws Exception {
        TreeSet<String> there = new TreeSet<>();
        for (String file : Recorded.files()) {
            byte[] start = Arrays.copyOf(Recorded.bytes(file), 8);
            byte version = start[0];
            start[0] = 0;
            if ((version == 4 || version == 5) && Arrays.equals(start, new byte[] {0, 0, 2, 0, (byte) 0x81, 0, 0, 0})) {
                there.add(file);
            }
        }
        assertEquals(there, new TreeSet<>(rows().stream().map(Row::quote).toList()));
    }

    @Test
    void aVerdictHoldsBetweenTheTimesOfTheManifestAndNotOutside() throws Exception {
        for (String[] set : new String[][] {
            {"dcap-qvl/tdx_quote", "2025-06-19T10:33:00Z", "2025-07-19T10:00:00Z", "2025-06-19T10:00:00Z",
                "2025-07-19T10:17:00Z"},
            {"go-tdx-guest/quote_v5_sample.dat", "2026-02-18T10:59:00Z", "2026-03-20T10:41:00Z", "2026-02-18T10:40:00Z",
                "2026-03-20T11:00:00Z"}}) {
            Row row = rows().stream().filter(each -> each.quote().equals(set[0])).findFirst().orElseThrow();
            for (int i = 1; i < set.length; i++) {
                Verdict verdict = verify(new Evidence(Recorded.bytes(row.quote()), Optional.empty()),
                        new Row(row.quote(), row.collateral(), set[i], ""), "");
                assertEquals(i < 3, verdict.good(), set[i] + "\n" + verdict.text());
            }
        }
    }

    @Test
    void whatIsOutOfDateNamesTheAdvisoriesOfItsLevel() throws Exception {
        Row stale = rows().stream().filter(row -> row.quote().endsWith("quotev5.dat")).findFirst().orElseThrow();
        Verdict.Tdx verdict = verify(new Evidence(Recorded.bytes(stale.quote()), Optional.empty()), stale, "");
        assertEquals(RECOVERY, verdict.advisories());
        assertTrue(verdict.text().contains("\nTCB OutOfDate " + String.join(" ", RECOVERY) + "\nREFUSED"), verdict.text());
    }

    @Test
    void aRealQuoteWithItsLogIsGoodAndWithAnotherOrAChangedLogIsNot() throws Exception {
        Row row = rows().stream().filter(each -> each.quote().equals(COS)).findFirst().orElseThrow();
        String required = "\"require_event_log\": true,";
        byte[] log = Recorded.bytes("go-tdx-guest/ccel/ccel_data.dat");
        Verdict good = verify(new Evidence(Recorded.bytes(COS), Optional.of(log)), row, required);
        assertTrue(good.good(), good.text());
        byte[] changed = log.clone();
        // In the digest of the first event that is extended: behind the header event's 32 and 33 bytes, its register, type, count
        // and algorithm.
        changed[65 + 14 + 20] ^= 1;
        for (byte[] wrong : List.of(changed, Recorded.bytes("trustee/eventlog/CCEL_data_gcp"))) {
            Verdict refused = verify(new Evidence(Recorded.bytes(COS), Optional.of(wrong)), row, required);
            assertFalse(refused.good(), refused.text());
            assertEquals(List.of("event log"), refused.checks().stream()
                    .filter(check -> check.result() == Check.Result.FAILED).map(Check::name).toList(), refused.text());
        }
        assertFalse(verify(new Evidence(Recorded.bytes(COS), Optional.empty()), row, required).good());
    }

    private static Verdict.Tdx verify(Evidence evidence, Row row, String fields) throws AttestationException {
        Policy policy = Policy.read(("{\"version\":1," + fields + "\"measurements\":{" + Judged.ANY
                + ",\"report_data\":\"any\"}}").getBytes());
        return (Verdict.Tdx) new TdxVerifier().verify(evidence, row.collateral(), policy, Instant.parse(row.at()));
    }
}
