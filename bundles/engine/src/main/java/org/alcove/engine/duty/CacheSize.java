package org.alcove.engine.duty;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.ModelShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses how many blocks the KV cache has. */
final class CacheSize {

    private static final Logger LOG = LoggerFactory.getLogger(CacheSize.class);
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    /** As many sequences of full length; the memory of blocks is taken from the system when they are used first. */
    private static final int SEQUENCES = 8;

    private CacheSize() {
    }

    /** Blocks for the settings' number of tokens, or for as many as a quarter of the memory holds, at least one context. */
    static int blocks(EngineSettings settings, ModelShape shape, int contextTokens) {
        if (settings.kvTokens() > 0) {
            return KvCache.blocksFor(settings.kvTokens());
        }
        long blockBytes = shape.cacheLayout(settings.kvType()).blockBytes();
        long affordable = affordable(blockBytes);
        int least = KvCache.blocksFor(contextTokens);
        if (affordable < least) {
            LOG.warn("The KV cache of one sequence of {} tokens takes {} MiB, more than a quarter of the memory available, {} MiB"
                    + "; set a smaller context", contextTokens, least * blockBytes >> 20, affordable * blockBytes >> 20);
        }
        return (int) Math.max(least, Math.min(affordable, (long) SEQUENCES * least));
    }

    /** Of so many blocks, those that may hold what nobody uses: all that were asked for, else no more than can be afforded. */
    static int comfortable(EngineSettings settings, ModelShape shape, int blocks) {
        return settings.kvTokens() > 0 ? blocks
                : (int) Math.min(blocks, affordable(shape.cacheLayout(settings.kvType()).blockBytes()));
    }

    /** Blocks that a quarter of the memory holds. */
    private static long affordable(long blockBytes) {
        return availableBytes() / 4 / blockBytes;
    }

    /** Memory that can be had without swapping: what the kernel says, or what the container allows where that is less. */
    private static long availableBytes() {
        long total = Runtime.getRuntime().maxMemory();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            total = system.getTotalMemorySize();
        }
        try {
            List<String> lines = Files.readAllLines(MEMORY);
            for (String line : lines) {
                if (line.startsWith(AVAILABLE)) {
                    String kibibytes = line.substring(AVAILABLE.length()).replace("kB", "").strip();
                    return Math.min(total, Long.parseLong(kibibytes) * 1024);
                }
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("{} does not tell the memory available", MEMORY, e);
        }
        return total / 2;
    }
}
