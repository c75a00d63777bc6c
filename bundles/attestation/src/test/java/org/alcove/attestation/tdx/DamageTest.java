package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.Verifier;
import org.junit.jupiter.api.Test;

/**
 * Damaged input is refused by a verdict, or where a person wrote it by {@link AttestationException}; nothing else is thrown. The
 * fuzz runs for {@code alcove.fuzz.seconds} (3) with the seed {@code alcove.fuzz.seed} (1); a failure names seed and round.
 */
class DamageTest {
    private static final long SECONDS = Long.getLong("alcove.fuzz.seconds", 3);
    private static final long SEED = Long.getLong("alcove.fuzz.seed", 1);
    private static final int MIN_ROUNDS = 200;
    private static final int FLIPS = 1_000;
    private static final byte[] NASTY = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '"', '{', '[', '-', '\n'};

    private static final byte[] CLAIMS = ("{\"sealed\":{\"bundles\":[{\"name\":\"n\",\"version\":\"1\",\"sha256\":\""
            + "ab".repeat(32) + "\",\"signer\":\"\"}]}}").getBytes(StandardCharsets.US_ASCII);

    private final FakePlatform platform = new FakePlatform().version5(3);

    @Test
    void aBitFlippedAnywhereInAQuoteIsRefused() {
        Collateral collateral = platform.collateral();
        flips(FLIPS, platform.quote(), new TdxVerifier(platform.trust()), collateral, FakePlatform.NOW);
    }

    @Test
    void aBitFlippedAnywhereInARealQuoteIsRefused() {
        Recorded.needed();
        flips(FLIPS / 2, Recorded.bytes("dcap-qvl/tdx_quote"), new TdxVerifier(), Recorded.set(Recorded.JUNE),
                Instant.parse("2025-06-25T00:00:00Z"));
        flips(FLIPS / 2, Recorded.bytes("go-tdx-guest/quote_v5_sample.dat"), new TdxVerifier(), Recorded.set(Recorded.FEBRUARY),
                Instant.parse("2026-03-01T00:00:00Z"));
    }

    @Test
    void aBitFlippedAnywhereInSignedCollateralIsRefused() {
        Collateral right = platform.collateral();
        byte[] quote = platform.quote();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < FLIPS / 10; round++) {
            byte[][] parts = parts(right);
            byte[] part = parts[round % parts.length];
            int bit = random.nextInt(8 * part.length);
            part[bit / 8] ^= (byte) (1 << bit % 8);
            Verdict verdict = verify(quote, collateral(parts));
            // Letter case of hex is no difference, nor is that of a letter's bit in the signature's digits.
            boolean spelling = round % parts.length % 2 == 0 && round % parts.length < 4 && (1 << bit % 8) == 0x20;
            assertTrue(!verdict.good() || spelling, "seed " + SEED + ", round " + round + ", bit " + bit);
        }
    }

    @Test
    void aQuoteCutAnywhereIsRefused() {
        Collateral collateral = platform.collateral();
        byte[] quote = platform.quote();
        for (int length = 0; length < quote.length; length++) {
            byte[] cut = Arrays.copyOf(quote, length);
            assertThrows(AttestationException.class, () -> Quote.parse(cut), "cut at " + length);
            if (length % 500 == 0) {
                Judged.refused(verify(cut, collateral), Item.STRUCTURE);
            }
        }
    }

    @Test
    void zerosBehindAQuoteAreABufferAndAnythingElseIsRefused() {
        Collateral collateral = platform.collateral();
        byte[] quote = platform.quote();
        assertTrue(verify(Arrays.copyOf(quote, quote.length + 3_000), collateral).good());
        byte[] padded = Arrays.copyOf(quote, quote.length + 100);
        padded[padded.length - 1] = 1;
        Judged.refused(verify(padded, collateral), Item.TAIL);
        Judged.refused(verify(Arrays.copyOf(quote, Quote.LARGEST + 1), collateral), Item.STRUCTURE);
        Judged.refused(verify(new byte[50_000_000], collateral), Item.STRUCTURE);
    }

    @Test
    void everySizeInAQuoteIsHeldAgainstWhatIsThere() {
        Collateral collateral = platform.collateral();
        byte[] quote = platform.quote();
        int signatures = 54 + TdReport.SIZE_15;
        int certified = signatures + 4 + 128 + 2;
        int auth = certified + 4 + QeReport.SIZE + 64;
        int chain = auth + 2 + 32 + 2;
        for (int field : new int[] {50, signatures, certified, auth, chain}) {
            for (int value : new int[] {0, 1, 0x7fffffff, 0x80000000, -1, -5}) {
                byte[] wrong = quote.clone();
                for (int i = 0; i < (field == auth ? 2 : 4); i++) {
                    wrong[field + i] = (byte) (value >>> 8 * i);
                }
                Judged.refused(verify(wrong, collateral), Item.STRUCTURE);
            }
        }
    }

    @Test
    void damagedInputIsRefusedAndNothingElse() {
        Collateral right = platform.collateral();
        byte[] quote = platform.quote();
        byte[] log = log();
        rounds((random, round) -> {
            byte[][] parts = parts(right);
            int which = random.nextInt(parts.length + 2);
            if (which < parts.length) {
                parts[which] = damaged(parts[which], random);
            }
            byte[] sent = which == parts.length ? damaged(quote, random) : quote;
            Optional<byte[]> events = which > parts.length ? Optional.of(damaged(log, random)) : Optional.empty();
            Verdict verdict = new TdxVerifier(platform.trust()).verify(new Evidence(sent, events), collateral(parts),
                    Judged.policy(""), FakePlatform.NOW);
            assertFalse(verdict.checks().isEmpty() || verdict.text().isEmpty());
        });
    }

    /** The readers that stand behind a signature, which damage from outside would not reach. */
    @Test
    void everyReaderRefusesByItsOneException() {
        byte[] policy = "{'version':1,'accepted_tcb':['UpToDate'],'measurements':{'mr_td':'any','xfam':['00']}}".replace('\'',
                '"')
                .getBytes(StandardCharsets.UTF_8);
        List<Reader> readers = List.of(Policy::read, TcbInfo::parse, QeIdentity::parse, PckIdentity::parse, EventLog::replay,
                Quote::parse, bytes -> SignedJson.parse(bytes, "tcbInfo"), Crl::parse,
                bytes -> Chain.parse(bytes, "Intel SGX TCB Signing", "Intel SGX Root CA").validate(FakePlatform.NOW),
                EvidenceDocument::read, bytes -> EvidenceFile.read(bytes, Optional.empty(), Optional.of("00".repeat(32))),
                DamageTest::bundles);
        Collateral all = platform.collateral();
        byte[] document = new EvidenceDocument(EvidenceDocument.Form.SHA512, new byte[32], new byte[32], new byte[32], CLAIMS,
                platform.evidence()).json();
        byte[] answer = ("{\"workers\":[{\"report\":{},\"evidence\":\"" + Base64.getEncoder().encodeToString(document) + "\"}]}")
                .getBytes(StandardCharsets.US_ASCII);
        List<byte[]> seeds = List.of(policy, platform.tcbInfo().getBytes(StandardCharsets.UTF_8),
                platform.qeIdentity().getBytes(StandardCharsets.UTF_8), DerWriter.octets(platform.sgx()), log(), platform.quote(),
                all.tcbInfo(), all.pckCrl(), all.tcbInfoChain(), document, answer, CLAIMS);
        int[] counts = new int[2];
        rounds((random, round) -> {
            int which = round % readers.size();
            try {
                readers.get(which).read(damaged(seeds.get(which), random));
                counts[0]++;
            } catch (AttestationException refused) {
                assertFalse(refused.getMessage().isEmpty());
                counts[1]++;
            }
        });
        assertTrue(counts[0] > 0 && counts[1] > counts[0], counts[0] + " read, " + counts[1] + " refused");
    }

    /** A sealed process's own list, which only a policy that names bundles has read. */
    private static void bundles(byte[] claims) throws AttestationException {
        Ledger ledger = new Ledger(Item.BUNDLES);
        Evidence evidence = new Evidence(new byte[0], Optional.empty(), Optional.of(new Evidence.Claims(claims, new byte[64])));
        new BundleRules(Judged.policy("\"bundles\":[\"" + "ab".repeat(32) + "\"]"), ledger).listed(evidence, "00".repeat(64))
                .orElseThrow(() -> new AttestationException("the list is refused"));
    }

    private interface Reader {
        void read(byte[] bytes) throws AttestationException;
    }

    private interface Round {
        void run(SplittableRandom random, int round);
    }

    private static void rounds(Round body) {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        for (int round = 0; round < MIN_ROUNDS || System.nanoTime() < end; round++) {
            try {
                body.run(new SplittableRandom(SEED * 1_000_003L + round), round);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed " + SEED + ", round " + round, e);
            }
        }
    }

    private static byte[] log() {
        return new EventLogTest.Log().event(1, 1, new byte[48]).event(2, 1, new byte[48]).bytes(40);
    }

    private static void flips(int flips, byte[] quote, Verifier verifier, Collateral collateral, Instant at) {
        Policy policy = Judged.policy("");
        assertTrue(verifier.verify(new Evidence(quote, Optional.empty()), collateral, policy, at).good());
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < flips; round++) {
            byte[] flipped = quote.clone();
            int bit = random.nextInt(8 * quote.length);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Verdict verdict = verifier.verify(new Evidence(flipped, Optional.empty()), collateral, policy, at);
            assertFalse(verdict.good(), "seed " + SEED + ", round " + round + ", bit " + bit);
        }
    }

    private Verdict verify(byte[] quote, Collateral collateral) {
        return Judged.verdict(platform, new Evidence(quote, Optional.empty()), collateral, Judged.policy(""));
    }

    private static byte[][] parts(Collateral all) {
        return new byte[][] {all.tcbInfo().clone(), all.tcbInfoChain().clone(), all.qeIdentity().clone(),
            all.qeIdentityChain().clone(), all.rootCrl().clone(), all.pckCrl().clone()};
    }

    private static Collateral collateral(byte[][] parts) {
        return new Collateral(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        for (int count = random.nextInt(1, 4); count > 0; count--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = NASTY[random.nextInt(NASTY.length)];
                case 2 -> damaged = Arrays.copyOf(damaged, 1 + random.nextInt(damaged.length));
                case 3 -> Arrays.fill(damaged, at, Math.min(damaged.length, at + 1 + random.nextInt(8)),
                        (byte) random.nextInt(256));
                default -> damaged = repeated(damaged, at, Math.min(damaged.length, at + random.nextInt(40)));
            }
        }
        return damaged;
    }

    /** With a piece standing twice. */
    private static byte[] repeated(byte[] bytes, int from, int to) {
        byte[] out = Arrays.copyOf(bytes, to + bytes.length - from);
        System.arraycopy(bytes, from, out, to, bytes.length - from);
        return out;
    }
}
