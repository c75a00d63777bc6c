package org.alcove.engine.numeric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageArenaTest {

    @Test
    void segmentsAreClearAlignedAndApart() {
        List<MemorySegment> segments = new ArrayList<>();
        try (PageArena arena = new PageArena()) {
            for (long bytes : new long[] {1, 100, 3 << 20, 40 << 20, 40 << 20, 100 << 20, 64}) {
                MemorySegment segment = arena.allocate(bytes, 64);
                assertEquals(bytes, segment.byteSize());
                assertEquals(0, segment.address() % 64);
                assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, bytes / 2));
                for (MemorySegment other : segments) {
                    assertTrue(segment.address() >= other.address() + other.byteSize()
                            || other.address() >= segment.address() + bytes);
                }
                segment.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 1);
                segments.add(segment);
            }
        }
        assertThrows(IllegalStateException.class, () -> segments.getFirst().get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void whatNobodyMapsIsAnError() {
        try (PageArena arena = new PageArena()) {
            assertThrows(OutOfMemoryError.class, () -> arena.allocate(Long.MAX_VALUE >> 2, 64));
        }
    }
}
