package org.alcove.worker;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.alcove.engine.EngineMemory;

/**
 * The memory that the models of this process share, and who has to go for one that comes.
 *
 * @param bytes all of it
 */
record MemoryBudget(long bytes) {

    private static final int ALL_PERCENT = 100;

    /**
     * A model that holds memory.
     *
     * @param bytes it holds
     * @param movable whether it may be unloaded: idle, and not pinned
     * @param lastUse the least recent goes first
     */
    record Tenant(String name, long bytes, boolean movable, Instant lastUse) {
    }

    /** So many bytes, or where that is 0 a share of the memory of the machine or its container. */
    static MemoryBudget of(long bytes, int percent) {
        if (bytes > 0) {
            return new MemoryBudget(bytes);
        }
        long total = Runtime.getRuntime().maxMemory();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            total = system.getTotalMemorySize();
        }
        return new MemoryBudget(total / ALL_PERCENT * percent);
    }

    /**
     * Bytes that a model needs here. One that is larger than all of the budget by its KV cache alone needs all of it: blocks
     * take memory only when they are used, and a context that would not fit is seldom used whole.
     */
    long needed(EngineMemory memory) {
        return Math.max(memory.total() - memory.cache(), Math.min(memory.total(), bytes));
    }

    /** Bytes that nobody holds; below 0 where more is held than there is. */
    long free(List<Tenant> tenants) {
        return bytes - tenants.stream().mapToLong(Tenant::bytes).sum();
    }

    /** The names of those that go so that there is room, the least recently used first; may still be too few. */
    List<Tenant> leaving(long needed, List<Tenant> tenants) {
        List<Tenant> leaving = new ArrayList<>();
        long free = free(tenants);
        for (Tenant tenant : tenants.stream().filter(Tenant::movable).sorted(Comparator.comparing(Tenant::lastUse)).toList()) {
            if (free >= needed) {
                break;
            }
            leaving.add(tenant);
            free += tenant.bytes();
        }
        return leaving;
    }

    /** Whether there is room once some have gone. */
    boolean fits(long needed, List<Tenant> tenants, List<Tenant> gone) {
        return needed <= free(tenants) + gone.stream().mapToLong(Tenant::bytes).sum();
    }

    /** Why there is no room, and what to do. */
    String refusal(String model, long needed, List<Tenant> tenants) {
        long movable = tenants.stream().filter(Tenant::movable).mapToLong(Tenant::bytes).sum();
        String rest = tenants.stream().filter(tenant -> !tenant.movable()).map(Tenant::name).sorted()
                .collect(Collectors.joining(", "));
        return "the model " + model + " needs " + megabytes(needed) + " of memory, and of the budget of " + megabytes(bytes)
                + " only " + megabytes(Math.max(0, free(tenants) + movable)) + " can be had"
                + (rest.isEmpty() ? "" : ", since these are pinned, loading or answering: " + rest)
                + "; unpin or unload others, load it with a smaller context, or raise the budget of org.alcove.worker.models";
    }

    /** Why a model that nobody has asked for yet is not loaded, and what to do. */
    String postponement(String model, long needed, List<Tenant> tenants) {
        return "the model " + model + " needs " + megabytes(needed) + " of memory, and of the budget of " + megabytes(bytes)
                + " only " + megabytes(Math.max(0, free(tenants))) + " are free; it is loaded when a request asks for it, where"
                + " others can be unloaded for it";
    }

    private static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1_000_000) + " MB";
    }
}
