package org.alcove.metrics;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChooser;
import org.alcove.web.readonly.ReadOnlyServlet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code GET /readyz}: 200 where requests can be answered, else 503 with the reason. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/readyz")
public final class ReadyServlet extends ReadOnlyServlet {

    private static final long serialVersionUID = 1L;

    /** Comes and goes; while it is away this page says so. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private transient volatile Controller controller;

    /** Who chooses in another process, where that is so. */
    @Reference(target = "(" + WorkerChooser.PLACE + "=" + WorkerChooser.REMOTE + ")",
            cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private transient volatile WorkerChooser elsewhere;

    private final transient BooleanSupplier stopping;

    @Activate
    public ReadyServlet(BundleContext bundle) {
        Bundle framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        this.stopping = () -> framework.getState() == Bundle.STOPPING;
    }

    ReadyServlet(Controller controller, WorkerChooser elsewhere, BooleanSupplier stopping) {
        this.controller = controller;
        this.elsewhere = elsewhere;
        this.stopping = stopping;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Readiness readiness = stopping.getAsBoolean() ? Readiness.STOPPING
                : Readiness.of(Optional.ofNullable(controller), Optional.ofNullable(elsewhere));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("status", readiness.ready() ? "ready" : "unready");
        if (!readiness.ready()) {
            fields.put("reason", readiness.reason());
            response.setHeader("Retry-After", "1");
        }
        JsonAnswer.send(response, readiness.ready() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                fields);
    }
}
