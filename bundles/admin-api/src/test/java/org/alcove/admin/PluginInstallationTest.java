package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The framework has what lies in the folder, as File Install would bring it, in the states that a test says. */
class PluginInstallationTest {

    private static final String ID = "com.act";
    private static final ServiceReference<?>[] SERVICES = {made(ServiceReference.class, method -> switch (method) {
        case "getProperty" -> "com.act.Policy";
        case "getBundle" -> made(Bundle.class, nothing -> null);
        default -> throw new UnsupportedOperationException(method);
    })};

    @TempDir
    Path home;

    private final Map<String, Duration> turns = new HashMap<>();
    private ToIntFunction<Version> states = version -> Bundle.ACTIVE;
    /** Failures of the one component that the jars of each version name, empty where it is activated; no component otherwise. */
    private final Map<Version, String> components = new HashMap<>();
    private int descriptors = 1;
    private Predicate<Version> serves = version -> true;
    private boolean makes = true;
    private Optional<Version> stuck = Optional.empty();
    private boolean removes = true;
    private Path target;
    private PluginInstallation installation;

    @BeforeEach
    void place() throws IOException {
        Path folder = Files.createDirectories(home.resolve("plugins"));
        target = folder.resolve(ID + ".jar");
        BundleContext framework = made(BundleContext.class, method -> switch (method) {
            case "getBundles" -> bundles();
            case "getService" -> makes ? "a policy" : null;
            case "ungetService" -> true;
            default -> null;
        });
        installation = new PluginInstallation(framework, new PluginFiles(folder, home.resolve("data")),
                new PluginComponents(runtime()), () -> turns, Duration.ofMillis(50));
    }

    private interface Answer {
        Object to(String method) throws Exception;
    }

    /** Tells of the component of the jar that lies in the folder. */
    private ServiceComponentRuntime runtime() {
        return made(ServiceComponentRuntime.class, method -> {
            ComponentDescriptionDTO component = new ComponentDescriptionDTO();
            component.name = "com.act.Policy";
            if (method.startsWith("getComponentDescriptionDTO")) {
                return method.endsWith("s") ? List.of(component) : component;
            }
            ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
            Version version = PluginFiles.describe(target).version();
            configuration.failure = components.get(version);
            configuration.state = configuration.failure.isEmpty() ? ComponentConfigurationDTO.SATISFIED
                    : ComponentConfigurationDTO.FAILED_ACTIVATION;
            UnsatisfiedReferenceDTO clock = new UnsatisfiedReferenceDTO();
            clock.name = "clock";
            configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {clock};
            return List.of(configuration);
        });
    }

    private static <T> T made(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName())));
    }

    private Bundle[] bundles() throws IOException {
        if (stuck.isEmpty() && !Files.exists(target) && removes) {
            return new Bundle[0];
        }
        Version version = stuck.isPresent() ? stuck.get() : Files.exists(target) ? PluginFiles.describe(target).version()
                : new Version(1, 0, 0);
        return new Bundle[] {bundle(version)};
    }

    private Bundle bundle(Version version) {
        return made(Bundle.class, method -> switch (method) {
            case "getSymbolicName" -> ID;
            case "getVersion" -> version;
            case "getState" -> states.applyAsInt(version);
            case "getLastModified" -> System.nanoTime();
            case "getLocation" -> target.toUri().toString();
            case "start" -> throw new BundleException("Activator start error", new IllegalStateException("no such file"));
            case "getHeaders" -> new Hashtable<>(components.containsKey(version)
                    ? Map.of("Service-Component", "OSGI-INF/act.xml") : Map.of());
            case "findEntries" -> descriptors == 0 ? null
                    : Collections.enumeration(Collections.nCopies(descriptors, target.toUri().toURL()));
            case "getRegisteredServices" -> serves.test(version) ? SERVICES : null;
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private Path jar(String version) throws IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\n"
                + "Bundle-SymbolicName: " + ID + "\nBundle-Version: " + version + "\n").getBytes()));
        Path file = Files.createTempFile(home, "x", ".jar");
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }

    private Bundle install(String version) throws IOException {
        Path jar = jar(version);
        return installation.install(PluginFiles.describe(jar), jar, ID + ".jar", installation.named(ID));
    }

    private AdminException refused(String version) {
        return assertThrows(AdminException.class, () -> install(version));
    }

    @Test
    void anUpdateThatDoesNotStartIsTakenBack() throws IOException {
        install("1.0.0");
        states = version -> version.getMajor() == 1 ? Bundle.ACTIVE : Bundle.RESOLVED;
        AdminException refused = refused("2.0.0");
        assertEquals("does_not_start", refused.code());
        assertEquals("com.act 2.0.0: it does not start: Activator start error: no such file. All is as it was before",
                refused.getMessage());
        assertEquals("1.0.0", PluginFiles.describe(target).version().toString());
    }

    @Test
    void aBundleThatIsInTwoJarsIsChangedInNeither() throws IOException {
        PluginFiles files = new PluginFiles(home.resolve("plugins"), home.resolve("data"));
        install("1.0.0");
        files.requireOne(ID);
        Files.copy(jar("1.1.0"), home.resolve("plugins/com.act-1.1.0.jar"));
        Files.write(home.resolve("plugins/half.jar"), new byte[9]);
        AdminException refused = assertThrows(AdminException.class, () -> files.requireOne(ID));
        assertEquals("several_jars", refused.code());
        assertTrue(refused.getMessage().startsWith("plugins/ has com.act-1.1.0.jar and com.act.jar, which all hold com.act"),
                refused.getMessage());
    }

    @Test
    void aManifestThatCannotBeReadIsTheJarsFaultAndNotTheDisks() throws IOException {
        Path file = Files.createTempFile(home, "x", ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write("Manifest-Version: 1.0\nno colon here\n".getBytes());
        }
        AdminException refused = assertThrows(AdminException.class, () -> PluginFiles.describe(file));
        assertEquals("not_a_bundle", refused.code());
        assertTrue(refused.getMessage().contains("its manifest cannot be read: "), refused.getMessage());
    }

    @Test
    void whereTheOneBeforeDoesNotRunAgainTheAnswerTellsWhatStandsNow() throws IOException {
        install("1.0.0");
        states = version -> {
            if (version.getMajor() == 2) {
                states = later -> Bundle.RESOLVED;
            }
            return version.getMajor() == 2 ? Bundle.RESOLVED : Bundle.ACTIVE;
        };
        AdminException refused = refused("2.0.0");
        assertEquals("not_restored", refused.code());
        assertEquals(502, refused.status());
        assertTrue(refused.getMessage().endsWith("Not all is as it was before: the jar of 1.0.0 is back in plugins/, but com.act"
                + " 1.0.0 is resolved"), refused.getMessage());
    }

    @Test
    void anUpdateThatHangsStandsWhereTheOneBeforeWas() throws IOException {
        install("1.0.0");
        states = version -> version.getMajor() == 1 ? Bundle.ACTIVE : Bundle.STARTING;
        Bundle old = installation.named(ID).orElseThrow();
        stuck = Optional.of(new Version(2, 0, 0));
        turns.put(ID, Duration.ofSeconds(20));
        Path jar = jar("2.0.0");
        PluginFiles.Description description = PluginFiles.describe(jar);
        AdminException refused = assertThrows(AdminException.class, () ->
                installation.install(description, jar, ID + ".jar", Optional.of(old)));
        assertEquals("not_restored", refused.code());
        assertTrue(refused.getMessage().contains("com.act has been starting for 20 s, and plugins/ waits for it: if that does not"
                + " end, start the server again. Not all is as it was before: the jar of 1.0.0 is back"),
                refused.getMessage());
        assertTrue(refused.getMessage().endsWith("but com.act 2.0.0 is starting"), refused.getMessage());
    }

    @Test
    void aBundleRunsOnceItsComponentsAreActivated() throws IOException {
        turns.put(ID, Duration.ZERO);
        assertEquals("does_not_start", refused("1.0.0").code());
        assertFalse(Files.exists(target));
        turns.clear();
        assertEquals(Bundle.ACTIVE, install("1.0.0").getState());
    }

    private void updateIsTakenBack(String why) throws IOException {
        AdminException refused = refused("1.1.0");
        assertEquals("com.act 1.1.0: " + why + ". All is as it was before", refused.getMessage());
        assertEquals("does_not_start", refused.code());
        assertEquals("1.0.0", PluginFiles.describe(target).version().toString());
    }

    @Test
    void anUpdateWhoseDescriptorIsMissingOrCannotBeReadIsTakenBack() throws IOException {
        install("1.0.0");
        components.put(new Version(1, 1, 0), "");
        descriptors = 0;
        updateIsTakenBack("its component descriptor OSGI-INF/act.xml is not in the jar");
        descriptors = 2;
        updateIsTakenBack("of its 2 component descriptors 1 can be used; the server's log says why");
        descriptors = 1;
        assertEquals(Bundle.ACTIVE, install("1.1.0").getState());
    }

    @Test
    void anUpdateWhoseComponentFailsIsTakenBackWithTheCause() throws IOException {
        install("1.0.0");
        components.put(new Version(1, 1, 0), "java.lang.reflect.InvocationTargetException\n\tat a.B(C.java:1)\n"
                + "Caused by: java.lang.IllegalStateException: no table\n\t... 9 more\n");
        updateIsTakenBack("its component com.act.Policy cannot be activated: java.lang.IllegalStateException: no table");
    }

    @Test
    void anUpdateWhoseServiceCannotBeMadeWhenSomebodyAsksForItIsTakenBack() throws IOException {
        install("1.0.0");
        components.put(new Version(1, 1, 0), "");
        makes = false;
        updateIsTakenBack("its component com.act.Policy cannot be made; the server's log says why");
        makes = true;
        assertEquals(Bundle.ACTIVE, install("1.1.0").getState());
    }

    @Test
    void whatOfferedServicesIsNotReplacedByWhatWaitsForSomething() throws IOException {
        components.put(new Version(1, 0, 0), "");
        components.put(new Version(1, 1, 0), "");
        serves = version -> false;
        install("1.0.0");
        install("1.1.0");
        install("1.0.0");
        serves = version -> version.getMinor() == 0;
        updateIsTakenBack("the one before offered services, and this one does not: com.act.Policy has no clock");
        AtomicInteger asked = new AtomicInteger();
        serves = version -> asked.getAndIncrement() == 0;
        assertEquals("not_restored", refused("1.1.0").code(), "not all is as it was before without its services");
    }

    @Test
    void thePluginThatAllOthersWaitForIsNamed() throws IOException {
        install("1.0.0");
        Bundle there = installation.named(ID).orElseThrow();
        removes = false;
        turns.putAll(Map.of("com.hang", Duration.ofSeconds(35), "com.quick", Duration.ofSeconds(1)));
        AdminException refused = assertThrows(AdminException.class, () -> installation.remove(there));
        assertEquals("still_there", refused.code());
        assertEquals("the jar is gone, but the bundle was not uninstalled within 0 s; com.hang has been starting for 35 s, and"
                + " plugins/ waits for it: if that does not end, start the server again without its jar in plugins/",
                refused.getMessage());
        assertEquals("still_there", assertThrows(AdminException.class, () -> installation.remove(there)).code(), "once more");
    }
}
