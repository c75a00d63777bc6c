package org.alcove.nativelibrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Linux says about this process in {@code /proc} afterwards. */
class SystemPagesTest {

    private static final long BYTES = 5 << 20;

    private SystemPages pages;

    @BeforeEach
    void thisMachine() {
        Optional<SystemPages> here = SystemPages.ofThisMachine();
        assumeTrue(here.isPresent(), "SKIPPED: this is no Linux on x86-64");
        pages = here.get();
    }

    /** The line of flags of the mapping that an address lies in. */
    private static Optional<List<String>> flags(long address) throws IOException {
        boolean within = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] ends = line.substring(0, line.indexOf(' ')).split("-");
                within = Long.compareUnsigned(Long.parseUnsignedLong(ends[0], 16), address) <= 0
                        && Long.compareUnsigned(address, Long.parseUnsignedLong(ends[1], 16)) < 0;
            } else if (within && line.startsWith("VmFlags:")) {
                return Optional.of(List.of(line.substring(8).strip().split(" ")));
            }
        }
        return Optional.empty();
    }

    @Test
    void aRegionBeginsWithAHugePageAndIsClear() throws IOException {
        SystemPages.Region region = pages.map(BYTES, false).orElseThrow();
        assertEquals(0, region.start() % SystemPages.HUGE_PAGE);
        assertTrue(region.end() - region.start() >= BYTES, region.toString());
        MemorySegment memory = MemorySegment.ofAddress(region.start()).reinterpret(BYTES);
        assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, BYTES - 1));
        memory.set(ValueLayout.JAVA_BYTE, BYTES - 1, (byte) 1);
        assertTrue(flags(region.start()).orElseThrow().contains("hg"), "huge pages are asked for");
        assertTrue(flags(region.start()).orElseThrow().contains("nr"), "nothing is reserved");
        pages.unmap(region);
        assertFalse(flags(region.start()).orElse(List.of()).contains("hg"), "it is given back");
    }

    @Test
    void whatIsToBeLeftOutOfDumpsIsMarkedSo() throws IOException {
        SystemPages.Region region = pages.map(BYTES, true).orElseThrow();
        assertFalse(flags(region.start()).orElseThrow().contains("dd"));
        assertFalse(flags(region.start()).orElseThrow().contains("nr"), "it is reserved");
        assertTrue(pages.leaveOutOfDumps(region));
        assertTrue(flags(region.start()).orElseThrow().contains("dd"));
        pages.unmap(region);
    }

    @Test
    void aLockIsToldWhetherItHolds() throws IOException {
        SystemPages.Region region = pages.map(BYTES, true).orElseThrow();
        MemorySegment part = MemorySegment.ofAddress(region.start()).reinterpret(4096);
        assertEquals(pages.lock(part), flags(region.start()).orElseThrow().contains("lo"));
        pages.unmap(region);
        assertFalse(pages.lock(MemorySegment.NULL.reinterpret(4096)));
    }

    @Test
    void moreThanTheSystemHasIsNotGiven() {
        assertTrue(pages.map(Long.MAX_VALUE >> 2, true).isEmpty());
    }
}
