package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkCipherTest {

    private static final int BYTES = 100_003;

    private final byte[] key = new byte[ModelKey.BYTES];
    private final byte[] digest = new byte[ModelKey.BYTES];
    private final ByteBuffer plain = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer sealed = ByteBuffer.allocateDirect(BYTES + SealedHeader.TAG_BYTES);

    ChunkCipherTest() {
        Random random = new Random(11);
        random.nextBytes(key);
        random.nextBytes(digest);
        byte[] text = new byte[BYTES];
        random.nextBytes(text);
        plain.put(text).flip();
    }

    static Stream<Provider> both() {
        return Stream.of(ChunkCipher.jdk(), CipherChoice.fastest().provider());
    }

    static Stream<Arguments> pairs() {
        return both().flatMap(one -> both().map(other -> Arguments.of(one, other)));
    }

    private void sealBy(Provider provider) {
        new ChunkCipher(provider, key, digest).seal(5, false, plain.duplicate(), sealed.clear());
        sealed.flip();
    }

    @Test
    void conscryptIsChosenWhereItsLibraryLoads() {
        CipherChoice chosen = CipherChoice.fastest();
        assertEquals("Conscrypt", chosen.provider().getName());
        assertEquals(Optional.empty(), chosen.problem());
    }

    @Test
    void theJdkIsChosenWhereTheLibraryOrTheBundleIsMissing() {
        CipherChoice chosen = CipherChoice.orJdk(() -> {
            throw new UnsatisfiedLinkError("no library for this system");
        });
        assertSame(ChunkCipher.jdk(), chosen.provider());
        assertEquals("java.lang.UnsatisfiedLinkError: no library for this system", chosen.problem().orElseThrow());
        assertSame(ChunkCipher.jdk(), CipherChoice.orJdk(() -> {
            throw new NoClassDefFoundError("org/conscrypt/Conscrypt");
        }).provider());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatOneSealedTheOtherOpens(Provider one, Provider other) throws AEADBadTagException {
        sealBy(one);
        ByteBuffer opened = ByteBuffer.allocateDirect(BYTES);
        new ChunkCipher(other, key, digest).open(5, false, sealed, opened);
        assertEquals(plain, opened.flip());
    }

    @ParameterizedTest
    @MethodSource("both")
    void nothingOfAChangedChunkIsInTheTarget(Provider provider) {
        sealBy(ChunkCipher.jdk());
        // Of the text's beginning, middle and end, and of the tag.
        for (int at : new int[] {0, BYTES / 2, BYTES - 1, BYTES, BYTES + SealedHeader.TAG_BYTES - 1}) {
            sealed.put(at, (byte) (sealed.get(at) ^ 1));
            assertLeftEmpty(provider, 5, false, digest);
            sealed.put(at, (byte) (sealed.get(at) ^ 1));
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void nothingOfAChunkOfAnotherPlaceOrFileIsInTheTarget(Provider provider) {
        sealBy(ChunkCipher.jdk());
        assertLeftEmpty(provider, 4, false, digest);
        assertLeftEmpty(provider, 5, true, digest);
        assertLeftEmpty(provider, 5, false, key);
    }

    private void assertLeftEmpty(Provider provider, int chunk, boolean last, byte[] header) {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer target = arena.allocate(BYTES).asByteBuffer();
            ChunkCipher cipher = new ChunkCipher(provider, key, header);
            assertThrows(AEADBadTagException.class, () -> cipher.open(chunk, last, sealed.duplicate(), target.duplicate()));
            assertEquals(ByteBuffer.allocate(BYTES), target, () -> provider + " left something of a chunk that is not verified");
        }
    }
}
