package org.alcove.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alcove.sealing.SealingException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SealedRequestTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final byte[] PAYLOAD = "the prompt of somebody".getBytes(StandardCharsets.UTF_8);

    private final HpkeKeys keys = HpkeKeys.generate();
    private final HpkeKeys others = HpkeKeys.generate();

    @Test
    void anyOfItsRecipientsOpensIt() throws Exception {
        byte[] envelope = sealed(keys, others).envelope();
        assertArrayEquals(PAYLOAD, SealedRequest.open(envelope, "m", keys).payload());
        SealedRequest.Opened opened = SealedRequest.open(envelope, "m", others);
        assertArrayEquals(PAYLOAD, opened.payload());
        assertEquals(NOW, opened.issued());
        assertEquals(opened.id(), SealedRequest.open(envelope, "m", keys).id());
    }

    @Test
    void nobodyElseOpensItAndIsToldWhy() throws Exception {
        byte[] envelope = sealed(keys).envelope();
        refused(Kind.OTHER_KEY, () -> SealedRequest.open(envelope, "m", others));
        assertFalse(new String(envelope, StandardCharsets.ISO_8859_1).contains("prompt"));
    }

    @Test
    void aRequestForAnotherModelIsRefused() throws Exception {
        byte[] envelope = sealed(keys).envelope();
        refused(Kind.DAMAGED, () -> SealedRequest.open(envelope, "n", keys));
    }

    @Test
    void everyChangedBitIsNoticed() throws Exception {
        byte[] envelope = sealed(keys).envelope();
        for (int bit = 0; bit < 8 * envelope.length; bit++) {
            byte[] changed = envelope.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            // The highest bit of an X25519 key is ignored by RFC 7748, and the key's own bytes are hashed into the secret.
            assertThrows(SealingException.class, () -> SealedRequest.open(changed, "m", keys), "bit " + bit);
        }
    }

    @Test
    void everyLengthButTheRightOneIsRefused() throws Exception {
        byte[] envelope = sealed(keys).envelope();
        for (int length = 0; length <= envelope.length + 3; length++) {
            byte[] cut = Arrays.copyOf(envelope, length);
            if (length != envelope.length) {
                refused(Kind.DAMAGED, () -> SealedRequest.open(cut, "m", keys));
            }
        }
    }

    @Test
    void anAnswerOpensChunkByChunkAndSaysWhetherItIsWhole() throws Exception {
        SealedRequest.Sealed sealed = sealed(keys);
        List<byte[]> chunks = answer(sealed.envelope());
        for (int i = 0; i < chunks.size(); i++) {
            assertFalse(sealed.answer().whole(), "after " + i + " chunks of " + chunks.size() + " it is cut off");
            assertEquals("chunk " + i, new String(sealed.answer().open(chunks.get(i)), StandardCharsets.UTF_8));
        }
        assertTrue(sealed.answer().whole());
        refused(Kind.DAMAGED, () -> sealed.answer().open(chunks.get(2)));
    }

    @Test
    void chunksThatAreLeftOutRepeatedOrSwappedAreRefused() throws Exception {
        SealedRequest.Sealed sealed = sealed(keys);
        List<byte[]> chunks = answer(sealed.envelope());
        refused(Kind.DAMAGED, () -> sealed.answer().open(chunks.get(1)));
        sealed.answer().open(chunks.get(0));
        refused(Kind.DAMAGED, () -> sealed.answer().open(chunks.get(0)));
        refused(Kind.DAMAGED, () -> sealed.answer().open(chunks.get(2)));
        sealed.answer().open(chunks.get(1));
        assertFalse(sealed.answer().whole());
    }

    @Test
    void aChunkThatIsMadeTheLastIsRefused() throws Exception {
        SealedRequest.Sealed sealed = sealed(keys);
        byte[] first = answer(sealed.envelope()).get(0);
        first[0] = 1;
        refused(Kind.DAMAGED, () -> sealed.answer().open(first));
        refused(Kind.DAMAGED, () -> sealed.answer().open(new byte[20]));
    }

    @Test
    void theAnswerToAnotherCopyOfTheRequestIsOfAnotherKey() throws Exception {
        SealedRequest.Sealed sealed = sealed(keys);
        List<byte[]> one = answer(sealed.envelope());
        List<byte[]> two = answer(sealed.envelope());
        assertFalse(Arrays.equals(one.get(0), two.get(0)));
        sealed.answer().open(one.get(0));
        refused(Kind.DAMAGED, () -> sealed.answer().open(two.get(1)));
    }

    @Test
    void aRequestIsLetInOnce() throws Exception {
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), 10);
        byte[] envelope = sealed(keys, others).envelope();
        guard.admit(SealedRequest.open(envelope, "m", keys), NOW);
        refused(Kind.REPLAYED, () -> guard.admit(SealedRequest.open(envelope, "m", keys), NOW.plusSeconds(1)));
        guard.admit(SealedRequest.open(sealed(keys).envelope(), "m", keys), NOW);
    }

    @Test
    void whatTheGuardHasForgottenIsTooOld() throws Exception {
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), 1);
        SealedRequest.Opened opened = SealedRequest.open(sealed(keys).envelope(), "m", keys);
        guard.admit(opened, NOW);
        SealedRequest.Opened next = SealedRequest.open(sealed(keys).envelope(), "m", keys);
        refused(Kind.STALE, () -> guard.admit(next, NOW.plusSeconds(300)));
        refused(Kind.STALE, () -> guard.admit(opened, NOW.plusSeconds(301)));
        refused(Kind.STALE, () -> guard.admit(next, NOW.minusSeconds(301)));
        Instant later = NOW.plusSeconds(301);
        guard.admit(SealedRequest.open(SealedRequest.seal(PAYLOAD, "m", List.of(keys.publicKey()), later).envelope(), "m", keys),
                later);
    }

    private SealedRequest.Sealed sealed(HpkeKeys... recipients) throws Exception {
        return SealedRequest.seal(PAYLOAD, "m", Arrays.stream(recipients).map(HpkeKeys::publicKey).toList(), NOW);
    }

    private List<byte[]> answer(byte[] envelope) throws SealingException {
        AnswerSealer sealer = SealedRequest.open(envelope, "m", keys).answer();
        List<byte[]> chunks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chunks.add(sealer.seal(("chunk " + i).getBytes(StandardCharsets.UTF_8), i == 2));
        }
        return chunks;
    }

    private static void refused(Kind kind, Executable deed) {
        assertEquals(kind, assertThrows(SealingException.class, deed).kind());
    }
}
