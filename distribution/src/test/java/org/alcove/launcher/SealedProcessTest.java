package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedProcessTest {

    private static final List<String> CLOSED = List.of("-XX:+DisableAttachMechanism", "-Dalcove.home=/opt/alcove");

    private static void requireClosed(List<String> flags) {
        SealedProcess.requireClosed(flags, "/opt/alcove/lib/launcher.jar");
    }

    private static List<String> with(String flag) {
        List<String> flags = new ArrayList<>(CLOSED);
        flags.add(flag);
        return flags;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-javaagent:x.jar", "-agentlib:jdwp=x", "-agentpath:x.so", "-Xrunfoo", "-Xrunjdwp:x", "-Xdebug",
        "-XX:-DisableAttachMechanism", "-XX:OnError=gdb", "-XX:OnError=3", "-XX:StartFlightRecording=x", "-XX:+FlightRecorder",
        "-Xbootclasspath/a:x.jar", "--patch-module=java.base=x.jar", "--upgrade-module-path=x", "-XX:+ManagementServer",
        "-Dcom.sun.management.jmxremote", "-Dcom.sun.management.config.file=x", "-Dcom.sun.management.snmp.port=1",
        "-XX:+EnableDynamicAgentLoading", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=/tmp", "-XX:ErrorFile=/tmp/crash",
        "-XX:Flags=x", "-XX:VMOptionsFile=x", "-XX:AOTCache=/tmp/alcove.aot", "-XX:SharedArchiveFile=x",
        "-Xlog:gc:file=/tmp/x", "-Xlog:gc:/tmp/x", "-Xlog:all=trace:stdout", "-Djava.system.class.loader=x",
        "-Dlogback.configurationFile=x", "--add-modules=x", "-Djava.security.properties=x", "-XX:+UnlockDiagnosticVMOptions"})
    void aFlagThatIsNotKnownToLeaveTheProcessClosedIsRefused(String flag) {
        String told = assertThrows(UsageException.class, () -> requireClosed(with(flag))).getMessage();
        assertTrue(told.startsWith("a sealed process takes no " + flag + ";"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx4g", "-Xss512k", "-XX:MaxRAMPercentage=40", "-XX:MaxDirectMemorySize=1g", "-XX:+UseG1GC",
        "-XX:-UseSerialGC", "-XX:ParallelGCThreads=2", "-Xlog:gc", "-Xlog:gc*=debug:stderr:time,level", "-verbose:gc",
        "-XX:ActiveProcessorCount=4", "-XX:AOTCache=/opt/alcove/lib/alcove.aot", "-Dalcove.heartbeat_seconds=1",
        "-Djava.io.tmpdir=/var/tmp", "--add-modules=jdk.incubator.vector", "-Duser.timezone=Europe/Berlin"})
    void flagsOfMemoryProcessorsAndConfigurationAreTaken(String flag) {
        requireClosed(with(flag));
    }

    /** The script's own flag is there as well: Java takes the last one, and that another came before it must not pass. */
    @ParameterizedTest
    @ValueSource(strings = {"/tmp/evil", "/opt/alcove/../alcove", ""})
    void aProcessHasNoOtherHomeThanTheFolderOfItsLauncherNorACacheOfIt(String home) {
        List<String> flags = new ArrayList<>(List.of("-Dalcove.home=" + home, "-XX:AOTCache=" + home + "/lib/alcove.aot"));
        flags.addAll(CLOSED);
        String told = assertThrows(UsageException.class, () -> requireClosed(flags)).getMessage();
        assertTrue(told.startsWith("a sealed process takes no -Dalcove.home=" + home + ";"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/evil/lib/launcher.jar", "/opt/alcove/lib/launcher.jar:evil.jar", "evil.jar", ""})
    void aProcessOfAnotherClassPathThanTheLauncherOfItsHomeIsRefused(String classPath) {
        String told = assertThrows(UsageException.class, () -> SealedProcess.requireClosed(CLOSED, classPath)).getMessage();
        assertTrue(told.endsWith("lib/launcher.jar of this folder alone, and it is " + classPath), told);
    }

    @Test
    void theProductsOwnFlagsAreTaken() throws IOException {
        List<String> flags = new ArrayList<>(CLOSED);
        for (String file : List.of("java.flags", "serving.flags")) {
            Files.readAllLines(Path.of("src", "main", "home", "lib", file)).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(flags::add);
        }
        requireClosed(flags);
    }

    @Test
    void aProcessThatLetsOthersAttachIsRefused() {
        assertTrue(assertThrows(UsageException.class, () -> requireClosed(List.of())).getMessage()
                .contains("needs -XX:+DisableAttachMechanism"));
    }
}
