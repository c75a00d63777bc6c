package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.alcove.engine.KvType;
import org.alcove.engine.numeric.KvLayout;
import org.junit.jupiter.api.Test;

class KvCacheTest {

    private static final String OWNER = "owner";

    private final int[] tokens = new int[10 * KvCache.BLOCK];

    KvCacheTest() {
        Arrays.setAll(tokens, i -> i);
    }

    private static KvCache cache(int blocks, int comfortable) {
        return new KvCache(new KvLayout(KvType.F32, 1, 1, 8), blocks, comfortable);
    }

    private static long provided(KvCache cache) {
        return Arrays.stream(cache.blocks()).filter(block -> block != null).count();
    }

    /** A block with tokens that no other call has. */
    private Prefix left(KvCache cache, int number) {
        int block = cache.take();
        Prefix prefix = cache.keep(OWNER, null, tokens, number * KvCache.BLOCK, block);
        cache.release(block);
        return prefix;
    }

    @Test
    void memoryIsTakenForWhatNobodyUsesOnlyAsFarAsItIsComfortable() {
        try (KvCache cache = cache(4, 2)) {
            for (int i = 0; i < 5; i++) {
                left(cache, i);
                assertEquals(4, cache.free());
            }
            assertEquals(2, provided(cache));
            assertNull(cache.find(OWNER, null, tokens, 2 * KvCache.BLOCK));
            int[] used = {cache.take(), cache.take(), cache.take(), cache.take()};
            assertEquals(4, Arrays.stream(used).distinct().count());
            assertEquals(4, provided(cache));
            assertThrows(IllegalStateException.class, cache::take);
        }
    }

    @Test
    void whatIsFoundIsInUseAndGoesOnlyWhenItIsNotAnyMore() {
        try (KvCache cache = cache(2, 2)) {
            Prefix first = left(cache, 0);
            left(cache, 1);
            assertSame(first, cache.find(OWNER, null, tokens, 0));
            assertEquals(1, cache.free());
            assertNotEquals(first.block(), cache.take());
            assertThrows(IllegalStateException.class, cache::take);
            cache.release(first.block());
            assertEquals(first.block(), cache.take());
            assertNull(cache.find(OWNER, null, tokens, 0));
        }
    }

    @Test
    void theSameBlockComputedTwiceIsGivenBack() {
        try (KvCache cache = cache(4, 4)) {
            int one = cache.take();
            int other = cache.take();
            Prefix prefix = cache.keep(OWNER, null, tokens, 0, one);
            assertSame(prefix, cache.keep(OWNER, null, tokens, 0, other));
            assertEquals(3, cache.free());
            cache.release(one);
            assertEquals(3, cache.free());
            cache.release(one);
            assertEquals(4, cache.free());
            assertThrows(IllegalStateException.class, () -> cache.release(one));
        }
    }

    @Test
    void whatIsForgottenIsNotFoundAndItsBlocksAreEmpty() {
        try (KvCache cache = cache(3, 3)) {
            left(cache, 0);
            int used = cache.take();
            Prefix going = cache.keep(OWNER, null, tokens, KvCache.BLOCK, used);
            cache.forget();
            assertNull(cache.find(OWNER, null, tokens, 0));
            assertNull(cache.find(OWNER, null, tokens, KvCache.BLOCK));
            assertEquals(2, cache.free());
            // A sequence that goes on enters nothing that others find.
            int next = cache.take();
            assertNotNull(cache.keep(OWNER, going, tokens, 2 * KvCache.BLOCK, next));
            cache.release(next);
            cache.release(used);
            assertEquals(3, cache.free());
            for (int i = 0; i < 3; i++) {
                cache.take();
            }
            assertEquals(0, cache.free());
        }
    }
}
