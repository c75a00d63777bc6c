package org.alcove.launcher;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold of the process itself before it may call itself sealed. */
final class SealedProcess {

    private static final Logger LOG = LoggerFactory.getLogger(SealedProcess.class);
    private static final String ATTACH_OFF = "-XX:+DisableAttachMechanism";
    private static final String ATTACH_ON = "-XX:-DisableAttachMechanism";

    /** Flags by which somebody looks into the process, or has it write its memory. */
    private static final List<String> FORBIDDEN = List.of("-agentlib:", "-agentpath:", "-javaagent:", "-Xrunjdwp", "-Xdebug",
            "-Dcom.sun.management.jmxremote", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:+HeapDumpBeforeFullGC",
            "-XX:+HeapDumpAfterFullGC", "-XX:+CreateCoredumpOnCrash", "-XX:StartFlightRecording", "-XX:+FlightRecorder",
            "-XX:OnError", "-XX:OnOutOfMemoryError", "-XX:+EnableDynamicAgentLoading", ATTACH_ON,
            // Further code in front of the product's own.
            "-Xbootclasspath", "--patch-module", "--upgrade-module-path");

    private static final int RLIMIT_CORE = 4;
    private static final int PR_SET_DUMPABLE = 4;

    private SealedProcess() {
    }

    /**
     * Refuses flags of the Java machine that would open the process.
     *
     * @throws UsageException with the flag
     */
    static void requireClosed(List<String> flags) {
        for (String flag : flags) {
            if (FORBIDDEN.stream().anyMatch(flag::startsWith)) {
                throw new UsageException("a sealed process takes no " + flag + "; leave it out of ALCOVE_JAVA_FLAGS and of the"
                        + " variables that Java reads");
            }
        }
        if (!flags.contains(ATTACH_OFF)) {
            throw new UsageException("a sealed process needs " + ATTACH_OFF + "; start it by ./alcove or the image, whose"
                    + " lib/serving.flags say so");
        }
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
