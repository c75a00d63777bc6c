package org.alcove.weights.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.weights.sample.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

class MachineFeaturesTest {

    @TempDir
    private Path folder;
    private final Set<Object> registered = new TreeSet<>();

    @Test
    void theFlagsOfTheProcessorBecomeFeatures() throws IOException {
        Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), """
                processor\t: 0
                flags\t\t: fpu sse2 fma avx2 avx512bw avx512_vnni amx_int8 avx2x
                processor\t: 1
                flags\t\t: fpu
                """);
        assertEquals(Set.of("cpu.fma", "cpu.avx2", "cpu.avx512bw", "cpu.avx512vnni", "cpu.amx-int8"), CpuFeatures.read(cpuinfo));
        assertEquals(Set.of("cpu.neon", "cpu.i8mm"),
                CpuFeatures.read(Files.writeString(cpuinfo, "Features\t: fp asimd i8mm\n")));
        assertEquals(Set.of(), CpuFeatures.read(folder.resolve("absent")));
    }

    @Test
    void theVectorModuleIsFoundWithoutLinkingIt() {
        assertTrue(VectorModule.isUsable(), "tests run with the module");
    }

    @Test
    void aDisabledFeatureIsWithdrawnAndComesBack() {
        Set<String> present = Set.of("cpu.avx2", "cpu.avx512vnni", "jvm.vector");
        MachineFeatures features = new MachineFeatures(context(), Map.of("cpu.disabled", "cpu.avx512vnni"), present);
        assertEquals(Set.of("cpu.avx2", "jvm.vector"), registered);
        features.apply(Map.of("cpu.disabled", new String[] {"jvm.vector", "cpu.sve"}));
        assertEquals(Set.of("cpu.avx2", "cpu.avx512vnni"), registered);
        features.apply(Map.of("cpu_disabled", List.of("cpu.avx2", "jvm.vector")));
        assertEquals(Set.of("cpu.avx512vnni"), registered);
        features.apply(Map.of());
        assertEquals(present, registered);
        features.withdraw();
        assertEquals(Set.of(), registered);
    }

    @Test
    void aNameOfNoFeatureIsAWarningThatListsThem() {
        try (CapturedLog log = new CapturedLog(MachineFeatures.class)) {
            new MachineFeatures(context(), Map.of("cpu.disabled", new String[] {"cpu.avx512-vnni", "CPU.FMA", "cpu.sve"}),
                    Set.of("cpu.avx512vnni"));
            assertEquals(Set.of("cpu.avx512vnni"), registered);
            assertTrue(log.lines().contains("INFO Feature cpu.sve is disabled, but this machine does not have it"),
                    log.lines()::toString);
            for (String name : List.of("cpu.avx512-vnni", "CPU.FMA")) {
                assertTrue(log.lines().stream().anyMatch(line -> line.startsWith("WARN cpu.disabled names " + name
                        + ", which is no feature and has no effect; there are cpu.amx-bf16, cpu.amx-int8, ")
                        && line.contains(" cpu.avx512vnni, ") && line.endsWith(", jvm.vector")), log.lines()::toString);
            }
        }
    }

    @Test
    void aValueThatIsNoNameIsAWarning() {
        try (CapturedLog log = new CapturedLog(MachineFeatures.class)) {
            new MachineFeatures(context(), Map.of("cpu.disabled", 5), Set.of("cpu.fma"));
            assertEquals(Set.of("cpu.fma"), registered);
            assertTrue(log.lines().contains("WARN cpu.disabled is 5, of type Integer, and has no effect; names of features are "
                    + "wanted, for example [\"cpu.fma\"]"), log.lines()::toString);
        }
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> {
                    assertEquals("registerService", method.getName());
                    assertEquals(Condition.class, arguments[0]);
                    Object id = ((Dictionary<?, ?>) arguments[2]).get("osgi.condition.id");
                    assertTrue(registered.add(id), () -> id + " registered twice");
                    return registration(id);
                });
    }

    private ServiceRegistration<?> registration(Object id) {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ServiceRegistration.class}, (self, method, arguments) -> {
                    assertEquals("unregister", method.getName());
                    assertTrue(registered.remove(id));
                    return null;
                });
    }
}
