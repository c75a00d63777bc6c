package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {

    @TempDir
    Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void node(int number, String cpus, int free) throws IOException {
        write("sys/devices/system/node/node" + number + "/cpulist", cpus + "\n");
        write("sys/devices/system/node/node" + number + "/meminfo", "Node " + number + " MemTotal: 9 kB\nNode " + number
                + " MemFree:     " + free + " kB\n");
    }

    private void allow(String cpus) throws IOException {
        write("proc/self/status", "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + cpus + "\n");
    }

    private void twoSockets() throws IOException {
        node(0, "0-3,8-11", 1000);
        node(1, "4-7,12-15", 2000);
        for (int cpu = 0; cpu < 16; cpu++) {
            write("sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list", cpu % 8 + "," + (cpu % 8 + 8) + "\n");
        }
    }

    @Test
    void thePhysicalCoresOfTheNodeWithMostFreeMemoryAreTaken() throws IOException {
        twoSockets();
        allow("0-15");
        Placement placement = Placement.of(root, 16);
        assertEquals("{4, 5, 6, 7}", placement.cpus().toString());
        assertEquals(4, placement.threads());
        assertTrue(placement.bound());
    }

    @Test
    void onlyWhatTheContainerAllowsIsTaken() throws IOException {
        twoSockets();
        allow("1-2,4,10,12");
        Placement placement = Placement.of(root, 16);
        assertEquals("{1, 2}", placement.cpus().toString());
        assertEquals(1, Placement.of(root, 1).threads());
        allow("9-10");
        assertFalse(Placement.of(root, 16).bound());
    }

    @Test
    void oneNodeIsNotBound() throws IOException {
        node(0, "0-1", 1000);
        allow("0-1");
        Placement placement = Placement.of(root, 2);
        assertEquals(2, placement.threads());
        assertFalse(placement.bound());
        placement.bind();
    }

    @Test
    void moreThreadsThanCoresAreNotBound() throws IOException {
        twoSockets();
        allow("0-15");
        assertTrue(Placement.of(root, 16).withThreads(3).bound());
        assertFalse(Placement.of(root, 16).withThreads(5).bound());
        assertEquals(5, Placement.of(root, 16).withThreads(5).threads());
    }

    @Test
    void aMachineThatTellsNothingIsUsedAsItIs() {
        Placement placement = Placement.of(root, 3);
        assertEquals(3, placement.threads());
        assertFalse(placement.bound());
    }

    @Test
    void aBoundThreadStaysThere() throws IOException, InterruptedException {
        Placement here = Placement.ofThisMachine();
        assumeFalse(here.cpus().isEmpty(), "NOT TESTED: this machine does not tell its processors");
        int cpu = here.cpus().nextSetBit(0);
        BitSet one = new BitSet();
        one.set(cpu);
        String[] allowed = new String[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            new Placement(one, 1, true, "test").bind();
            try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
                allowed[0] = lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElse("");
            } catch (IOException e) {
                allowed[0] = e.toString();
            }
        });
        thread.join();
        assertEquals("Cpus_allowed_list:\t" + cpu, allowed[0]);
    }
}
