package org.alcove.launcher;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold of the process itself before it may call itself sealed. */
final class SealedProcess {

    private static final Logger LOG = LoggerFactory.getLogger(SealedProcess.class);
    private static final String ATTACH_OFF = "-XX:+DisableAttachMechanism";
    private static final String HOME = "-Dalcove.home=";
    private static final String LAUNCHER = "/lib/launcher.jar";
    private static final String SIZE = "=\\d+[kKmMgGtT]?";

    /**
     * Flags by which nobody looks into the process, has it write its memory, or brings in code; all others are refused, because
     * no list of those that do so would be complete.
     */
    private static final List<Pattern> ADMITTED = Stream.of(
            // Those of lib/java.flags and lib/serving.flags.
            Pattern.quote(ATTACH_OFF), "-XX:\\+(UnlockExperimentalVMOptions|EnableVectorSupport)",
            "-XX:-(UsePerfData|CreateCoredumpOnCrash|HeapDumpOnOutOfMemoryError|DumpReplayDataOnError)",
            "-XX:ErrorFile=/dev/null",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:Tier\\w+=\\d+",
            "-Djdk\\.httpclient\\.allowRestrictedHeaders=host", "-Djdk\\.reflect\\.useNativeAccessorOnly=true",
            "-Djava\\.locale\\.providers=SPI", "-Xlog:disable",
            // How much memory there is, and how it is collected.
            "-X(ms|mx|mn|ss)\\d+[kKmMgGtT]?", "-XX:(Initial|Min|Max)RAMPercentage=[\\d.]+",
            "-XX:MaxRAM" + SIZE,
            "-XX:(Initial|Min|Max|SoftMax)HeapSize" + SIZE, "-XX:Max(DirectMemory|Metaspace|New)Size" + SIZE,
            "-XX:(Initial|Reserved)CodeCacheSize" + SIZE,
            "-XX:[+-]Use(LargePages|TransparentHugePages|NUMA|CompactObjectHeaders)",
            "-XX:[+-](AlwaysPreTouch|ExitOnOutOfMemoryError|UseStringDeduplication)", "-XX:[+-]Use[A-Z]\\w*GC",
            "-XX:(ParallelGCThreads|ConcGCThreads|MaxGCPauseMillis|NewRatio|SurvivorRatio|InitiatingHeapOccupancyPercent)=\\d+",
            "-verbose:gc", "-Xlog:(gc|safepoint)(\\+\\w+)*\\*?(=\\w+)?(:(stdout|stderr)?(:[\\w,]*)?)?",
            // Processors, and how code is compiled for them.
            "-XX:ActiveProcessorCount=\\d+", "-XX:TieredStopAtLevel=\\d", "-XX:[+-]TieredCompilation",
            "--add-modules=jdk\\.incubator\\.vector",
            // Values of conf/, and what the machine is like.
            "-Dalcove\\.(?!home=)[\\w.]+=.*", "-Djava\\.io\\.tmpdir=.+", "-Djava\\.net\\.prefer(IPv4Stack|IPv6Addresses)=\\w+",
            "-Duser\\.timezone=.+", "-Dfile\\.encoding=[\\w-]+").map(Pattern::compile).toList();

    private static final int RLIMIT_CORE = 4;
    private static final int PR_SET_DUMPABLE = 4;

    private SealedProcess() {
    }

    /**
     * Refuses flags of the Java machine that are not known to leave the process closed.
     *
     * @param classPath what Java was given to run: the launcher's jar alone
     * @throws UsageException with the flag
     */
    static void requireClosed(List<String> flags, String classPath) {
        for (String flag : flags) {
            if (ADMITTED.stream().noneMatch(admitted -> admitted.matcher(flag).matches()) && !isOwnPlace(flag, classPath)) {
                throw new UsageException("a sealed process takes no " + flag + "; leave it out of ALCOVE_JAVA_FLAGS and of the"
                        + " variables that Java reads (docs/sealed-mode.md says which flags it takes)"
                        + (flag.startsWith(HOME) ? "; the class path must be lib/launcher.jar of this folder alone, and it is "
                        + classPath : ""));
            }
        }
        if (!flags.contains(ATTACH_OFF)) {
            throw new UsageException("a sealed process needs " + ATTACH_OFF + "; start it by ./alcove or the image, whose"
                    + " lib/serving.flags say so");
        }
    }

    /**
     * Whether it names the folder of the launcher that runs, or the cache of loaded classes beside it. What other flags say of
     * that folder proves nothing: whoever gives a foreign cache can give a foreign folder, too.
     */
    private static boolean isOwnPlace(String flag, String classPath) {
        return classPath.endsWith(LAUNCHER) && ownPlaces(classPath.substring(0, classPath.length() - LAUNCHER.length()))
                .contains(flag);
    }

    private static List<String> ownPlaces(String home) {
        return List.of(HOME + home, "-XX:AOTCache=" + home + "/lib/alcove.aot");
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }

    static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** Has the kernel write no core file of this process, and let no other process of its user read its memory. */
    static void closeMemory() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int limited = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("setrlimit"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                    .invokeExact(RLIMIT_CORE, arena.allocate(ValueLayout.JAVA_LONG, 2));
            int closed = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1)).invokeExact(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
            if (limited != 0 || closed != 0) {
                throw new UsageException("the kernel refuses to keep the memory of this process to itself (setrlimit " + limited
                        + ", prctl " + closed + "); a sealed process does not start so");
            }
            LOG.debug("core files are off, and the memory of this process is its own");
        } catch (UsageException refused) {
            throw refused;
        } catch (Throwable fault) {
            throw new IllegalStateException("the kernel cannot be asked to keep the memory of this process to itself", fault);
        }
    }
}
