package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.LoggerFactory;

class PluginFolderTest {

    private static final String GUARD = "com.example.guard";

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(PluginFolder.class);
    private final List<String> deeds = new ArrayList<>();
    private final Bundle bundle = made(Bundle.class, this::bundle);
    private Bundle[] installed = {bundle};
    private BundleListener listener;
    private long seconds;
    private PluginFolder plugins;

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T made(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
                method.getName().equals("hashCode") ? System.identityHashCode(proxy) : answer.to(method.getName(), arguments)));
    }

    private Object bundle(String method, Object[] arguments) {
        return switch (method) {
            case "getSymbolicName" -> GUARD;
            case "getState" -> installed.length == 0 ? Bundle.UNINSTALLED : Bundle.ACTIVE;
            case "adapt" -> made(FrameworkWiring.class, (refresh, none) -> null);
            case "start", "update", "uninstall" -> {
                deeds.add(method);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    @BeforeEach
    void watch() {
        log.start();
        logger.addAppender(log);
        BundleContext system = made(BundleContext.class, (method, arguments) -> {
            switch (method) {
                case "getBundles" -> {
                    return installed;
                }
                case "getBundle" -> {
                    return bundle;
                }
                case "installBundle" -> {
                    deeds.add("install " + arguments[0].toString().replaceFirst(".*/", ""));
                    installed = new Bundle[] {bundle};
                    return bundle;
                }
                default -> listener = (BundleListener) arguments[0];
            }
            return null;
        });
        plugins = new PluginFolder(system, folder, () -> TimeUnit.SECONDS.toNanos(seconds));
        plugins.listen();
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    private byte[] jar(String symbolicName) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (symbolicName != null) {
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    private List<String> saidAfter(int time) {
        log.list.clear();
        plugins.look();
        seconds += time;
        plugins.look();
        plugins.look();
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void uninstall() {
        installed = new Bundle[0];
        listener.bundleChanged(new BundleEvent(BundleEvent.UNINSTALLED, bundle));
    }

    @Test
    void aFileThatIsNoBundleIsNamedOnceWithTheReason() throws IOException {
        put("text.jar", "no jar".getBytes());
        put("plain.jar", jar(null));
        put("half.jar", Arrays.copyOf(jar(GUARD), 60));
        put("readme.txt", new byte[3]);
        List<String> said = saidAfter(2).stream().sorted().toList();
        assertEquals(3, said.size(), said.toString());
        assertTrue(said.get(0).startsWith("plugins/half.jar is not installed: it is no jar, or only a part of one ("),
                said.get(0));
        assertTrue(said.get(1).startsWith("plugins/plain.jar is not installed: its manifest has no Bundle-SymbolicName"),
                said.get(1));
        assertTrue(said.get(2).startsWith("plugins/text.jar is not installed: it is no jar"), said.get(2));
        put("text.jar", "no jar either".getBytes());
        assertEquals(1, saidAfter(2).size());
    }

    @Test
    void aFileThatStillChangesIsLeftAlone() throws IOException {
        put("half.jar", new byte[10]);
        assertEquals(List.of(), saidAfter(1));
        put("half.jar", new byte[20]);
        assertEquals(List.of(), saidAfter(1));
    }

    @Test
    void aBundleThatWentWithAnotherJarOfItIsBroughtInAgain() throws IOException {
        put("guard.jar", jar(GUARD + ";singleton:=true"));
        put("copy.jar", jar(GUARD));
        assertEquals(List.of(), saidAfter(2));
        Files.delete(folder.resolve("copy.jar"));
        uninstall();
        List<String> said = saidAfter(1);
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.getFirst().startsWith("The plug-in " + GUARD + " was uninstalled, but plugins/guard.jar holds it still"),
                said.getFirst());
        assertEquals(List.of("install guard.jar", "start"), deeds);
        assertEquals(List.of(), saidAfter(3));
        put("guard.jar", jar(GUARD + ";one=more"));
        assertEquals(List.of(), saidAfter(3));
        assertEquals(List.of("install guard.jar", "start", "update"), deeds, "File Install does not know it");
        Files.delete(folder.resolve("guard.jar"));
        assertEquals(List.of(), saidAfter(1));
        assertEquals("uninstall", deeds.getLast());
    }

    @Test
    void whatWasTakenAwayWithItsJarOrNeverCameStaysAway() throws IOException {
        put("guard.jar", jar(GUARD));
        put("refused.jar", jar("com.example.refused"));
        assertEquals(List.of(), saidAfter(2));
        Files.delete(folder.resolve("guard.jar"));
        uninstall();
        assertEquals(List.of(), saidAfter(2));
        assertEquals(List.of(), deeds);
    }
}
