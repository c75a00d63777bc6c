package org.alcove.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alcove.api.control.RequestObserver;
import org.alcove.ranked.Origin;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told when a request ends. One that throws harms nobody but its own figures. */
@Component(service = RequestObservers.class)
public final class RequestObservers {

    private static final Logger LOG = LoggerFactory.getLogger(RequestObservers.class);

    private final List<Installed> observers = new CopyOnWriteArrayList<>();

    private record Installed(RequestObserver observer, Origin origin) {
    }

    @Activate
    public RequestObservers() {
    }

    @Reference(service = RequestObserver.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            unbind = "unbind")
    void bind(RequestObserver observer, ServiceReference<RequestObserver> reference) {
        add(observer, Origin.of(reference));
    }

    void unbind(RequestObserver observer, ServiceReference<RequestObserver> reference) {
        long id = Origin.of(reference).id();
        observers.removeIf(installed -> installed.origin().id() == id);
    }

    void add(RequestObserver observer, Origin origin) {
        observers.add(new Installed(observer, origin));
    }

    void ended(RequestObserver.Record record) {
        for (Installed installed : observers) {
            try {
                installed.observer().ended(record);
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.warn("An observer of requests of bundle {} threw; replace or remove that bundle",
                        installed.origin().bundle(), e);
            }
        }
    }
}
