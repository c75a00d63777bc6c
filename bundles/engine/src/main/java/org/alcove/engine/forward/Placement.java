package org.alcove.engine.forward;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On which processors an engine computes: one of each physical core, all of one memory node, among those that the container or
 * {@code taskset} allows. A step that crosses nodes waits for memory that is far away, and two threads of one core share its
 * arithmetic units. Where there is only one node nothing is bound: the system moves threads better than a plan could.
 *
 * @param cpus processors to bind to, as Linux numbers them
 * @param threads how many threads they have work for
 * @param bound whether threads are to be bound
 * @param reason for the log
 */
public record Placement(BitSet cpus, int threads, boolean bound, String reason) {

    private static final Logger LOG = LoggerFactory.getLogger(Placement.class);
    private static final Path NODES = Path.of("sys/devices/system/node");
    private static final Path CPUS = Path.of("sys/devices/system/cpu");
    private static final Path STATUS = Path.of("proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    /** A memory node: its number, one allowed processor of each physical core, all its allowed processors, its free memory. */
    private record Node(int number, BitSet cores, BitSet cpus, long freeKibibytes) {
    }

    /** The plan for this machine. */
    public static Placement ofThisMachine() {
        return of(Path.of("/"), Runtime.getRuntime().availableProcessors());
    }

    /**
     * The plan for a machine.
     *
     * @param root of its file system
     * @param available processors that the virtual machine may use: fewer than are there where a container has a quota
     */
    static Placement of(Path root, int available) {
        try {
            BitSet allowed = allowed(root);
            List<Node> nodes = nodes(root, allowed);
            if (nodes.isEmpty()) {
                return unbound(available, "the memory nodes of this machine are not known");
            }
            Node best = nodes.stream().max(Comparator.comparingInt((Node node) -> node.cores.cardinality())
                    .thenComparingLong(Node::freeKibibytes)).orElseThrow();
            int threads = Math.max(1, Math.min(available, best.cores.cardinality()));
            String cores = best.cores.cardinality() + " physical cores of " + best.cpus.cardinality() + " processors";
            return nodes.size() == 1 ? new Placement(best.cpus, threads, false, "one memory node with " + cores)
                    : new Placement(best.cores, threads, true, "memory node " + best.number + " of " + nodes.size() + " with "
                            + cores + ", " + (best.freeKibibytes >> 10) + " MiB free");
        } catch (IOException | NumberFormatException e) {
            LOG.debug("The memory nodes cannot be read", e);
            return unbound(available, "the memory nodes of this machine cannot be read");
        }
    }

    /** The plan, for people. */
    public String told() {
        return threads + " threads, " + (bound ? "bound to processors " + cpus : "not bound") + ": " + reason;
    }

    private static Placement unbound(int available, String reason) {
        return new Placement(new BitSet(), available, false, reason);
    }

    /** The same for another number of threads: more than there are cores are not bound. */
    public Placement withThreads(int count) {
        return count <= threads ? new Placement(cpus, count, bound, reason)
                : new Placement(cpus, count, false, reason + "; " + count + " threads, as configured, are more");
    }

    private static BitSet allowed(Path root) throws IOException {
        try (Stream<String> lines = Files.lines(root.resolve(STATUS))) {
            Optional<String> list = lines.filter(line -> line.startsWith(ALLOWED)).findFirst();
            if (list.isEmpty()) {
                throw new IOException(STATUS + " has no " + ALLOWED);
            }
            return numbers(list.get().substring(ALLOWED.length()));
        }
    }

    /** Nodes that have allowed processors. */
    private static List<Node> nodes(Path root, BitSet allowed) throws IOException {
        Path folder = root.resolve(NODES);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> paths = entries.filter(entry -> entry.getFileName().toString().matches("node\\d+")).sorted().toList();
            List<Node> nodes = new ArrayList<>();
            for (Path path : paths) {
                BitSet cpus = numbers(Files.readString(path.resolve("cpulist")));
                cpus.and(allowed);
                if (!cpus.isEmpty()) {
                    int number = Integer.parseInt(path.getFileName().toString().substring("node".length()));
                    nodes.add(new Node(number, cores(root, cpus), cpus, freeMemory(path)));
                }
            }
            return nodes;
        }
    }

    /** The first processor of each core. */
    private static BitSet cores(Path root, BitSet cpus) throws IOException {
        BitSet cores = (BitSet) cpus.clone();
        for (int cpu = cores.nextSetBit(0); cpu >= 0; cpu = cores.nextSetBit(cpu + 1)) {
            Path siblings = root.resolve(CPUS).resolve("cpu" + cpu).resolve("topology/thread_siblings_list");
            if (Files.isReadable(siblings)) {
                BitSet others = numbers(Files.readString(siblings));
                others.clear(cpu);
                cores.andNot(others);
            }
        }
        return cores;
    }

    private static long freeMemory(Path node) throws IOException {
        Path memory = node.resolve("meminfo");
        if (!Files.isReadable(memory)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(memory)) {
            return lines.filter(line -> line.contains("MemFree:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll(".*MemFree:\\s*(\\d+).*", "$1"))).orElse(0L);
        }
    }

    /** A list like {@code 0-3,8}. */
    private static BitSet numbers(String list) {
        BitSet numbers = new BitSet();
        for (String part : list.strip().split(",")) {
            if (!part.isBlank()) {
                String[] ends = part.split("-");
                numbers.set(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[ends.length - 1].strip()) + 1);
            }
        }
        return numbers;
    }

    /** Binds the calling thread, if the plan says so. A system that refuses leaves it where it is. */
    public void bind() {
        if (!bound) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> symbol = linker.defaultLookup().find("sched_setaffinity");
        if (symbol.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(symbol.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            long[] words = cpus.toLongArray();
            int failed = (int) call.invokeExact(0, 8L * words.length, arena.allocateFrom(ValueLayout.JAVA_LONG, words));
            if (failed != 0) {
                LOG.info("The system does not let {} be bound to processors {}; it may run anywhere",
                        Thread.currentThread().getName(), cpus);
            }
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
