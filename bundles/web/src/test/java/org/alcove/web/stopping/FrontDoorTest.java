package org.alcove.web.stopping;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;

class FrontDoorTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<SynchronousBundleListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Object> services = new CopyOnWriteArrayList<>();
    private volatile int state = Bundle.ACTIVE;
    private final Bundle framework = fake(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
        case "getState" -> state;
        case "getBundleContext" -> context();
        case "findEntries" -> Collections.emptyEnumeration();
        default -> 0L;
    });

    private static <T> T fake(Class<T> type, InvocationHandler deeds) {
        return type.cast(Proxy.newProxyInstance(FrontDoorTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, it) ->
                switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == it[0];
                    default -> deeds.invoke(self, method, it);
                }));
    }

    /** The one bundle there is, with what it listens to and offers. */
    private BundleContext context() {
        return fake(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getBundle" -> framework;
            case "addBundleListener" -> listeners.add((SynchronousBundleListener) arguments[0]);
            case "removeBundleListener" -> listeners.remove(arguments[0]);
            case "registerService" -> {
                services.add(arguments[1]);
                yield fake(ServiceRegistration.class, (registration, unregister, none) -> services.remove(arguments[1]));
            }
            case "getServiceReferences" -> services.stream().filter(Runnable.class::isInstance)
                    .map(it -> fake(ServiceReference.class, (reference, asked, none) -> it)).toList();
            case "getService" -> ((ServiceReference<?>) arguments[0]).getProperty("itself");
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private FrontDoor door(InFlight inFlight, Duration limit) {
        FrontDoor door = new FrontDoor(new HttpServlet() {
            private static final long serialVersionUID = 1L;
        }, inFlight, () -> limit, "/somewhere/*");
        door.open(context());
        return door;
    }

    /** The framework tells one listener after the other. */
    private Thread stopProcess() {
        state = Bundle.STOPPING;
        return Thread.ofPlatform().start(() -> listeners.forEach(it -> it.bundleChanged(
                new BundleEvent(BundleEvent.STOPPING, framework))));
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive(), "it waits for nobody");
            Thread.onSpinWait();
        }
    }

    @Test
    void whenTheProcessStopsNoFrontEndTakesAnythingNewWhileAnotherOneWaitsForItsAnswers() throws Exception {
        InFlight first = new InFlight();
        InFlight second = new InFlight();
        InFlight.Answer slow = reason -> { };
        first.add(slow);
        door(first, LONG);
        door(second, LONG);
        assertDoesNotThrow(second::requireOpen);
        Thread stopping = stopProcess();
        awaitWaiting(stopping);
        assertEquals(FrontDoor.PROCESS_STOPS, assertThrows(ClosedException.class, second::requireOpen).getMessage());
        first.remove(slow);
        stopping.join();
    }

    @Test
    void whatRunsHasItsTimeFromWhenTheProcessBeganToStop() throws Exception {
        InFlight first = new InFlight();
        InFlight second = new InFlight();
        List<String> cuts = new ArrayList<>();
        for (InFlight each : List.of(first, second)) {
            each.add(new InFlight.Answer() {
                @Override
                public void cut(String reason) {
                    cuts.add(reason);
                    each.remove(this);
                }
            });
            door(each, Duration.ofMillis(600));
        }
        long begun = System.nanoTime();
        stopProcess().join();
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(millis >= 600 && millis < 1150, "it took " + millis + " ms");
        assertEquals(List.of(FrontDoor.PROCESS_STOPS, FrontDoor.PROCESS_STOPS), cuts);
    }

    @Test
    void aFrontEndThatIsReplacedStandsAtItsDoorUntilItsAnswersHaveEnded() throws Exception {
        InFlight inFlight = new InFlight();
        InFlight.Answer slow = reason -> { };
        inFlight.add(slow);
        FrontDoor door = door(inFlight, LONG);
        Thread leaving = Thread.ofPlatform().start(() -> assertDoesNotThrow(() -> door.close(context())));
        awaitWaiting(leaving);
        assertEquals(FrontDoor.REPLACED, assertThrows(ClosedException.class, inFlight::requireOpen).getMessage());
        assertTrue(services.stream().anyMatch(HttpServlet.class::isInstance), "nobody is at the door");
        inFlight.remove(slow);
        leaving.join();
        assertEquals(List.of(), services);
        assertEquals(List.of(), listeners);
    }

    @Test
    void whereTheProcessStopsItStandsThereUntilHttpStops() throws Exception {
        FrontDoor door = door(new InFlight(), LONG);
        stopProcess().join();
        door.close(context());
        assertEquals(1, services.size());
        assertTrue(services.getFirst() instanceof HttpServlet);
    }
}
