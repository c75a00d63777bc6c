package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.LoggerFactory;

class PluginWatchTest {

    private static final int PLUGINS = 25;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(PluginWatch.class);
    private final Bundle bundle = made(Bundle.class, this::bundle);
    private SynchronousBundleListener first;
    private BundleListener last;
    private int level = PLUGINS;
    private int state = Bundle.RESOLVED;
    private long seconds;
    private final PluginWatch watch = new PluginWatch(made(BundleContext.class, this::context), PLUGINS,
            () -> TimeUnit.SECONDS.toNanos(seconds));

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T made(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
                switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> answer.to(method.getName(), arguments);
                }));
    }

    private Object bundle(String method, Object[] arguments) {
        return switch (method) {
            case "getSymbolicName" -> "com.slow";
            case "getVersion" -> new Version(1, 2, 3);
            case "getState" -> state;
            case "adapt" -> made(BundleStartLevel.class, (asked, none) -> level);
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private Object context(String method, Object[] arguments) {
        if (method.equals("getBundles")) {
            return new Bundle[] {bundle};
        }
        if (arguments[0] instanceof SynchronousBundleListener listener) {
            first = listener;
        } else {
            last = (BundleListener) arguments[0];
        }
        return null;
    }

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        watch.listen();
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    private void tell(BundleListener listener, int type) {
        listener.bundleChanged(new BundleEvent(type, bundle));
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aPluginThatDoesNotComeToAnEndOfItsStartIsNamedOnce() {
        tell(first, BundleEvent.STARTING);
        seconds = 9;
        watch.look();
        assertEquals(List.of(), said());
        seconds = 12;
        watch.look();
        watch.look();
        assertEquals(1, said().size(), said().toString());
        assertTrue(said().getFirst().startsWith("The bundle com.slow 1.2.3 has been starting for 12 s; plugins/ waits for it."),
                said().getFirst());
        assertEquals(Map.of("com.slow", Duration.ofSeconds(12)), watch.get());
    }

    @Test
    void aPluginIsStartingWhileItsComponentsAreActivatedThoughItIsActive() {
        tell(first, BundleEvent.STARTING);
        state = Bundle.ACTIVE;
        tell(first, BundleEvent.STARTED);
        assertEquals(Map.of("com.slow", Duration.ZERO), watch.get());
        tell(last, BundleEvent.STARTED);
        assertEquals(Map.of(), watch.get());
    }

    @Test
    void aPluginThatDoesNotStopIsNamedFromItsState() {
        state = Bundle.STOPPING;
        watch.look();
        seconds = 29;
        watch.look();
        assertEquals(List.of(), said(), "a front end may let its answers run to their end");
        seconds = 30;
        watch.look();
        assertTrue(said().getFirst().startsWith("The bundle com.slow 1.2.3 has been stopping for 30 s"), said().toString());
        state = Bundle.RESOLVED;
        assertEquals(Map.of(), watch.get());
    }

    @Test
    void aStartThatFailsHasEnded() {
        tell(first, BundleEvent.STARTING);
        tell(last, BundleEvent.STOPPED);
        assertEquals(Map.of(), watch.get());
    }

    @Test
    void roomsAreNoPlugins() {
        level = 20;
        tell(first, BundleEvent.STARTING);
        state = Bundle.STOPPING;
        assertEquals(Map.of(), watch.get());
    }
}
