package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.TcbStatus;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.tdx.TcbInfo.Judgement;
import org.junit.jupiter.api.Test;

/** What Intel says of platforms: authentic, in force, of this platform, and every status of it. */
class TcbTest {
    private static final Item[] NO_TCB = {Item.PLATFORM_LEVEL};
    private final FakePlatform platform = new FakePlatform();

    @Test
    void everyStatusIsRefusedUnlessThePolicyAcceptsIt() {
        for (TcbStatus status : TcbStatus.values()) {
            platform.levelStatus = status.text();
            if (status == TcbStatus.UP_TO_DATE) {
                Judged.good(platform, Judged.policy(""));
                continue;
            }
            Judged.refused(platform, Item.TCB);
            if (status != TcbStatus.REVOKED) {
                Judged.good(platform, Judged.policy("\"accepted_tcb\":[\"" + status.text() + "\"]"));
                platform.moduleStatus = "Revoked";
                Judged.refused(platform, Judged.policy("\"accepted_tcb\":[\"" + status.text() + "\"]"), Item.TCB);
                platform.moduleStatus = "UpToDate";
            }
        }
        platform.levelStatus = "Splendid";
        Judged.refused(platform, Item.TCB_CONTENT);
    }

    @Test
    void moduleAndQuotingEnclaveCountAsMuchAsThePlatform() {
        platform.moduleStatus = "OutOfDate";
        Judged.refused(platform, Item.TCB);
        platform.moduleStatus = "UpToDate";
        platform.qeStatus = "OutOfDate";
        Judged.refused(platform, Item.TCB);
        platform.qeStatus = "UpToDate";
        platform.qe[258] = 3;
        Judged.refused(platform, Item.QE_LEVEL);
        platform.qe[258] = 4;
        platform.body[0] = 1;
        Judged.refused(platform, Item.MODULE_LEVEL);
    }

    @Test
    void onePlatformComponentTooLowIsNoLevelAtAll() {
        platform.components[7] = 4;
        Judged.refused(platform, NO_TCB);
        platform.components[7] = 255;
        Judged.good(platform, Judged.policy(""));
        platform.body[2] = 2;
        Judged.refused(platform, NO_TCB);
        platform.body[2] = (byte) 0xff;
        Judged.good(platform, Judged.policy(""));
        platform.pceSvn = 12;
        Judged.refused(platform, Item.TCB);
        platform.pceSvn = 4;
        Judged.refused(platform, NO_TCB);
    }

    @Test
    void aModuleOfGenerationZeroIsJudgedByThePlatformsTable() {
        platform.put(0, "050003");
        Judged.good(platform, Judged.policy(""));
        platform.put(0, "040003");
        Judged.refused(platform, NO_TCB);
    }

    @Test
    void anUnknownModuleOrOneOfAnotherSignerIsRefused() {
        platform.put(0, "050203");
        Judged.refused(platform, Item.MODULE, Item.MODULE_LEVEL);
        platform.put(0, "050103");
        platform.body[64] = 1;
        Judged.refused(platform, Item.MODULE);
        platform.body[64] = 0;
        platform.body[112] = 1;
        Judged.refused(platform, Item.MODULE);
    }

    @Test
    void aModuleUpdatedBelowARunningMachineAdvisesToRelaunch() {
        platform.version5(3).put(0, "020103");
        platform.put(584, "050103");
        Verdict verdict = Judged.verdict(platform, Judged.policy(""));
        Judged.refused(verdict, Item.TCB);
        assertEquals("TDRelaunchAdvised", Judged.line(verdict, Item.TCB).found());
        Judged.good(platform, Judged.policy("\"accepted_tcb\":[\"TDRelaunchAdvised\"]"));
        platform.levelStatus = "ConfigurationNeeded";
        assertEquals("TDRelaunchAdvisedConfigurationNeeded", status());
        platform.levelStatus = "SWHardeningNeeded";
        assertEquals("OutOfDate", status());
        platform.levelStatus = "UpToDate";
        platform.put(584, "030103");
        assertEquals("OutOfDate", status());
    }

    @Test
    void aStatusSaysAllThatIsNeeded() {
        assertEquals(TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED,
                merged(TcbStatus.SW_HARDENING_NEEDED, TcbStatus.CONFIGURATION_NEEDED));
        assertEquals(TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED, merged(TcbStatus.OUT_OF_DATE, TcbStatus.CONFIGURATION_NEEDED));
        assertEquals(TcbStatus.OUT_OF_DATE, merged(TcbStatus.SW_HARDENING_NEEDED, TcbStatus.OUT_OF_DATE));
        assertEquals(TcbStatus.REVOKED, merged(TcbStatus.REVOKED, TcbStatus.CONFIGURATION_NEEDED));
        for (TcbStatus one : TcbStatus.values()) {
            for (TcbStatus other : TcbStatus.values()) {
                TcbStatus both = merged(one, other);
                assertEquals(both, merged(other, one));
                assertTrue(both.compareTo(one) >= 0 && both.compareTo(other) >= 0, one + " with " + other + " is " + both);
            }
        }
    }

    @Test
    void advisoriesAreShownAndHeldAgainstThePolicy() {
        platform.levelStatus = "SWHardeningNeeded";
        platform.levelAdvisories = ",'advisoryIDs':['INTEL-SA-00615']";
        String accepted = "\"accepted_tcb\":[\"SWHardeningNeeded\"]";
        Verdict verdict = Judged.verdict(platform, Judged.policy(accepted));
        assertTrue(verdict.good(), verdict.text());
        assertEquals(Check.Result.WARNED, Judged.line(verdict, Item.ADVISORIES).result());
        Judged.good(platform, Judged.policy(accepted + ",\"accepted_advisories\":[\"INTEL-SA-00615\",\"INTEL-SA-00001\"]"));
        Judged.refused(platform, Judged.policy(accepted + ",\"accepted_advisories\":[]"), Item.ADVISORIES);
    }

    @Test
    void collateralOfAnotherPlatformIsRefused() {
        platform.fmspc = "00aabbccddef";
        Judged.refused(platform, Item.TCB_PLATFORM);
        platform.fmspc = FakePlatform.FMSPC.toUpperCase(Locale.ROOT);
        Judged.good(platform, Judged.policy(""));
    }

    @Test
    void collateralOutOfForceIsRefused() {
        platform.nextUpdate = "2026-06-01T11:59:59Z";
        Judged.refused(platform, Item.TCB_DATES, Item.QE_DATES);
        platform.nextUpdate = "2026-06-01T12:00:00Z";
        Judged.good(platform, Judged.policy(""));
        platform.issued = "2026-06-01T12:00:01Z";
        platform.nextUpdate = "2026-07-01T00:00:00Z";
        Judged.refused(platform, Item.TCB_DATES, Item.QE_DATES);
        platform.issued = "yesterday";
        Judged.refused(platform, Item.TCB_CONTENT, Item.QE_CONTENT);
    }

    @Test
    void oldCollateralThatHasNotExpiredIsRefusedByItsNumber() {
        Judged.good(platform, Judged.policy("\"min_tcb_evaluation_data_number\":20"));
        Judged.refused(platform, Judged.policy("\"min_tcb_evaluation_data_number\":21"), Item.TCB_EVALUATION, Item.QE_EVALUATION);
    }

    @Test
    void collateralForSgxIsNotForTdx() {
        platform.tcbId = "SGX";
        Judged.refused(platform, Item.TCB_CONTENT);
        platform.tcbId = "TDX";
        platform.qeId = "QE";
        Judged.refused(platform, Item.QE_CONTENT);
    }

    @Test
    void anotherQuotingEnclaveIsRefused() {
        for (int offset : new int[] {16, 48, 128, 256}) {
            platform.qe[offset] ^= 1;
            Judged.refused(platform, Item.QE_IDENTITY);
            platform.qe[offset] ^= 1;
        }
        platform.qeSigner = "cd".repeat(32);
        Judged.refused(platform, Item.QE_IDENTITY);
    }

    @Test
    void theSignatureCoversTheExactBytes() {
        Collateral right = platform.collateral();
        String info = new String(right.tcbInfo(), StandardCharsets.UTF_8);
        for (String wrong : List.of(info.replace("\"version\":3", "\"version\": 3"), info.replace("UpToDate", "uptodate"))) {
            Judged.refused(Judged.verdict(platform, platform.evidence(), with(right, wrong), Judged.policy("")),
                    Item.TCB_SIGNATURE);
        }
        String turned = info.replaceFirst("\\{(\"tcbInfo\":.*),(\"signature\":\"[0-9a-f]*\")}", "{ $2 ,\n $1 }\n");
        assertTrue(Judged.verdict(platform, platform.evidence(), with(right, turned), Judged.policy("")).good(), turned);
        for (String wrong : List.of("", "{", "[]", "null", "{}", info + "x", info + info, "\ufeff" + info,
                info.replaceFirst("}$", ",\"more\":1}"), info.replaceFirst("\\{", "{\"tcbInfo\":{},"))) {
            Judged.refused(Judged.verdict(platform, platform.evidence(), with(right, wrong), Judged.policy("")),
                    Item.TCB_SIGNATURE);
        }
    }

    @Test
    void aPolicyCannotAcceptRevokedPlatforms() {
        byte[] json = "{\"version\":1,\"accepted_tcb\":[\"Revoked\"],\"measurements\":{}}".getBytes(StandardCharsets.UTF_8);
        assertThrows(AttestationException.class, () -> Policy.read(json));
    }

    private String status() {
        return Judged.line(Judged.verdict(platform, Judged.policy("")), Item.TCB).found();
    }

    private static TcbStatus merged(TcbStatus one, TcbStatus other) {
        return TcbRules.merge(new Judgement(one, List.of()), new Judgement(other, List.of())).status();
    }

    private static Collateral with(Collateral right, String tcbInfo) {
        return new Collateral(tcbInfo.getBytes(StandardCharsets.UTF_8), right.tcbInfoChain(), right.qeIdentity(),
                right.qeIdentityChain(), right.rootCrl(), right.pckCrl());
    }
}
