package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkOrderTest {

    private static final int CHUNK = 1 << 18;
    private static final long PAGE = 1 << 21;

    @Test
    void noPageIsWrittenByTwoThreadsAndNoChunkIsLeft() {
        int chunks = 85;
        ChunkOrder order = new ChunkOrder(chunks, CHUNK, PAGE);
        Random turn = new Random(7);
        int[] last = {ChunkOrder.NONE, ChunkOrder.NONE, ChunkOrder.NONE};
        Map<Long, Integer> writers = new HashMap<>();
        List<Integer> taken = new ArrayList<>();
        for (int idle = 0; idle < 100; idle++) {
            int thread = turn.nextInt(last.length);
            int chunk = last[thread] < chunks ? order.after(last[thread]) : chunks;
            last[thread] = chunk;
            if (chunk < chunks) {
                idle = 0;
                taken.add(chunk);
                assertEquals(thread, writers.computeIfAbsent(chunk * (long) CHUNK / PAGE, page -> thread));
            }
        }
        assertEquals(chunks, taken.size());
        assertEquals(chunks, taken.stream().distinct().count());
    }

    @Test
    void pagesAreTakenFromTheFirstOn() {
        ChunkOrder order = new ChunkOrder(20, CHUNK, PAGE);
        assertEquals(List.of(0, 8, 16, 1, 17), List.of(order.after(ChunkOrder.NONE), order.after(ChunkOrder.NONE),
                order.after(ChunkOrder.NONE), order.after(0), order.after(16)));
        assertEquals(3, order.runs());
    }

    @Test
    void aChunkThatIsLargerThanAPageIsARunOfItsOwn() {
        ChunkOrder order = new ChunkOrder(2, 1 << 24, PAGE);
        assertEquals(List.of(0, 1, 2, 2), List.of(order.after(ChunkOrder.NONE), order.after(0), order.after(1),
                order.after(ChunkOrder.NONE)));
    }

    @Test
    void aThreadThatTookTheLastChunkFindsNoMore() {
        ChunkOrder order = new ChunkOrder(3, CHUNK, PAGE);
        assertEquals(List.of(0, 1, 2, 3), List.of(order.after(ChunkOrder.NONE), order.after(0), order.after(1), order.after(2)));
        assertEquals(3, order.after(ChunkOrder.NONE));
    }
}
