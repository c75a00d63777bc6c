package org.alcove.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.LoggerFactory;

class LogForwarderTest {

    /** Newest first, as the service gives them. */
    private final List<LogEntry> pile = new ArrayList<>();
    private final List<LogListener> listeners = new ArrayList<>();
    private final List<FrameworkListener> waiting = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private int state = Bundle.STARTING;

    @BeforeEach
    void listen() {
        Logger logger = (Logger) LoggerFactory.getLogger("osgi.a.bundle");
        logger.detachAndStopAllAppenders();
        log.start();
        logger.addAppender(log);
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private BundleContext context() {
        Bundle framework = fake(Bundle.class, (proxy, method, arguments) -> state);
        return fake(BundleContext.class, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "addFrameworkListener" -> waiting.add((FrameworkListener) arguments[0]);
                case "removeFrameworkListener" -> waiting.remove(arguments[0]);
                default -> {
                    return framework;
                }
            }
            return null;
        });
    }

    private void happens(int event) {
        waiting.getFirst().frameworkEvent(new FrameworkEvent(event,
                fake(Bundle.class, (proxy, method, arguments) -> null), null));
    }

    private final LogReaderService reader = fake(LogReaderService.class, (proxy, method, arguments) -> {
        switch (method.getName()) {
            case "addLogListener" -> listeners.add((LogListener) arguments[0]);
            case "removeLogListener" -> listeners.remove(arguments[0]);
            default -> {
                return Collections.enumeration(pile);
            }
        }
        return null;
    });

    private static LogEntry entry(long sequence, String message) {
        Bundle bundle = fake(Bundle.class, (proxy, method, arguments) -> "a.bundle");
        Map<String, Object> values = Map.of("getSequence", sequence, "getMessage", message, "getBundle", bundle, "getLogLevel",
                LogLevel.WARN);
        return fake(LogEntry.class, (proxy, method, arguments) -> values.get(method.getName()));
    }

    private List<String> told() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatPiledUpWhileTheFrameworkStartedIsToldInOrderOnceItHasStarted() {
        new LogForwarder(context(), reader);
        pile.add(entry(1, "one"));
        pile.addFirst(entry(2, "two"));
        happens(FrameworkEvent.INFO);
        assertEquals(List.of(), told());
        happens(FrameworkEvent.STARTED);
        assertEquals(List.of("one", "two"), told());
        assertEquals(List.of(), waiting);
    }

    @Test
    void anEntryThatWasPiledUpIsNotToldTwice() {
        state = Bundle.ACTIVE;
        pile.add(entry(1, "one"));
        LogForwarder forwarder = new LogForwarder(context(), reader);
        listeners.getFirst().logged(entry(1, "one"));
        listeners.getFirst().logged(entry(2, "two"));
        assertEquals(List.of("one", "two"), told());
        forwarder.stop();
        assertEquals(List.of(), listeners);
    }
}
