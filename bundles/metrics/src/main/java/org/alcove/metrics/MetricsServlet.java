package org.alcove.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.guard.Guards;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.web.readonly.ReadOnlyServlet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code GET /metrics} in the text format of Prometheus, or OpenMetrics where asked for. Immediate, because a component without
 * callers would be put away and its counts with it.
 */
@Component(service = {Servlet.class, RequestObserver.class}, immediate = true)
@HttpWhiteboardServletPattern("/metrics")
public final class MetricsServlet extends ReadOnlyServlet implements RequestObserver {

    private static final long serialVersionUID = 1L;
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final transient PrometheusRegistry registry = new PrometheusRegistry();
    private final transient ExpositionFormats formats = ExpositionFormats.init();
    private final transient RequestFigures requests = new RequestFigures(registry, this::serves);

    /** Comes and goes; the counts outlive it. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private transient volatile Controller controller;

    /** As above. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private transient volatile Guards guards;

    @Activate
    public MetricsServlet() {
        this(null, null, InstantSource.system());
    }

    MetricsServlet(Controller controller, Guards guards, InstantSource clock) {
        this.controller = controller;
        this.guards = guards;
        registry.register(new WorkerFigures(this::workers, clock));
        registry.register(new GuardFigures(this::guards));
    }

    private List<Guards.Figures> guards() {
        Guards now = guards;
        return now == null ? List.of() : now.figures();
    }

    private List<WorkerStatus> workers() {
        Controller now = controller;
        return now == null ? List.of() : now.workers();
    }

    private boolean serves(String model) {
        return workers().stream().anyMatch(worker -> worker.models().contains(model));
    }

    @Override
    public void ended(Record request) {
        requests.ended(request);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accept = request.getHeader("Accept");
        ExpositionFormatWriter writer = accept != null && accept.contains(OPEN_METRICS)
                ? formats.getOpenMetricsTextFormatWriter() : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        writer.write(page, registry.scrape());
        response.setContentType(writer.getContentType());
        response.setContentLength(page.size());
        page.writeTo(response.getOutputStream());
    }
}
