package org.alcove.weights.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.alcove.nativelibrary.ProcessorFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Features of the processor as the operating system lists them. */
final class CpuFeatures {

    private static final Logger LOG = LoggerFactory.getLogger(CpuFeatures.class);

    /** Names of Linux and ours. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("avx", "cpu.avx"), Map.entry("avx2", "cpu.avx2"), Map.entry("fma", "cpu.fma"),
            Map.entry("f16c", "cpu.f16c"), Map.entry("avx_vnni", "cpu.avxvnni"), Map.entry("avx512f", "cpu.avx512f"),
            Map.entry("avx512bw", "cpu.avx512bw"), Map.entry("avx512vl", "cpu.avx512vl"), Map.entry("avx512dq", "cpu.avx512dq"),
            Map.entry("avx512_vnni", "cpu.avx512vnni"), Map.entry("avx512_bf16", "cpu.avx512bf16"),
            Map.entry("avx512_fp16", "cpu.avx512fp16"), Map.entry("amx_tile", "cpu.amx-tile"),
            Map.entry("amx_int8", "cpu.amx-int8"), Map.entry("amx_bf16", "cpu.amx-bf16"), Map.entry("asimd", "cpu.neon"),
            Map.entry("asimddp", "cpu.dotprod"), Map.entry("i8mm", "cpu.i8mm"), Map.entry("sve", "cpu.sve"));

    private CpuFeatures() {
    }

    /** Names of ours, of all features that some processor has. */
    static Collection<String> names() {
        return NAMES.values();
    }

    /** Features of the first processor listed; none where the file is missing, as outside Linux. */
    static Set<String> read(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            LOG.warn("{} cannot be read: no processor features are announced, kernels run without them", cpuinfo);
            return Set.of();
        }
        try {
            return ProcessorFlags.read(cpuinfo).stream().map(NAMES::get).filter(Objects::nonNull)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            LOG.warn("{} cannot be read: no processor features are announced, kernels run without them", cpuinfo, e);
            return Set.of();
        }
    }
}
