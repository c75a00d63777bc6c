package org.alcove.web.stopping;

import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a front end does when it or the whole process stops: running answers may go on for a while, and who asks anew is told to
 * come again. The classes that takes are loaded beforehand, since the jar of an updated bundle is closed.
 *
 * <p>When the process stops, all front ends take nothing new from the same moment on, and their answers have their time from
 * then: the framework tells one after the other, and each of them waits. So whoever is told first tells the others, which it
 * finds as services: their classes are copies of these.
 */
public final class FrontDoor {

    /** What whoever asks is told when the process stops. */
    public static final String PROCESS_STOPS = "this process is stopping; ask another or again";
    /** What whoever asks is told when this front end alone stops. */
    public static final String REPLACED = "this front end is being stopped or replaced; send the request again";

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    /** Marks a service that closes a door because the process stops. */
    private static final String MARK = "alcove.front.door";

    private final Servlet servlet;
    private final InFlight inFlight;
    private final Supplier<Duration> limit;
    private final String[] paths;
    private final SynchronousBundleListener ending = this::hear;
    private ServiceRegistration<Runnable> closing;

    /**
     * The door of a servlet, which still has to refuse by {@link InFlight#requireOpen()}.
     *
     * @param limit how long running answers may go on
     * @param paths of the servlet
     */
    public FrontDoor(Servlet servlet, InFlight inFlight, Supplier<Duration> limit, String... paths) {
        this.servlet = servlet;
        this.inFlight = inFlight;
        this.limit = limit;
        this.paths = paths.clone();
    }

    /** To be called when the component is activated. */
    public void open(BundleContext bundle) {
        OwnClasses.load(bundle.getBundle());
        closing = bundle.registerService(Runnable.class, () -> inFlight.close(PROCESS_STOPS),
                new Hashtable<>(Map.of(MARK, true)));
        bundle.addBundleListener(ending);
    }

    /**
     * The framework stops plug-ins first, front ends and kernels among them: then nobody is at the door, and no answer goes on.
     * So it is heard before, and waits until this returns.
     */
    private void hear(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            try {
                closeAll(event.getBundle().getBundleContext());
                drain(PROCESS_STOPS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void closeAll(BundleContext framework) {
        try {
            for (ServiceReference<Runnable> door : framework.getServiceReferences(Runnable.class, "(" + MARK + "=true)")) {
                Runnable closing = framework.getService(door);
                if (closing != null) {
                    closing.run();
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets running answers go on for a while, and refuses new ones; a second time there is nothing left to wait for. */
    public void drain(String reason) throws InterruptedException {
        inFlight.close(reason);
        if (inFlight.count() > 0) {
            LOG.info("{} is closed; what runs there may go on for {} s", paths[0], limit.get().toSeconds());
        }
        inFlight.drain(limit.get());
    }

    /**
     * To be called when the component is deactivated, which is gone from the door by then. It stands there again to say so: until
     * its answers have ended or, where the process stops, until HTTP does, as a service of the framework, which outlives those of
     * this bundle.
     */
    public void close(BundleContext bundle) throws InterruptedException {
        bundle.removeBundleListener(ending);
        closing.unregister();
        Bundle framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        boolean forGood = framework.getState() == Bundle.STOPPING;
        ServiceRegistration<Servlet> farewell = (forGood ? framework.getBundleContext() : bundle).registerService(Servlet.class,
                servlet, new Hashtable<>(Map.of(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, paths)));
        try {
            drain(forGood ? PROCESS_STOPS : REPLACED);
        } finally {
            if (!forGood) {
                farewell.unregister();
            }
        }
    }
}
