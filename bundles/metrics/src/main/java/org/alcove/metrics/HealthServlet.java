package org.alcove.metrics;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.alcove.web.readonly.ReadOnlyServlet;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code GET /healthz}: the process lives and answers. Whether it can do its work is asked at {@code /readyz}. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/healthz")
public final class HealthServlet extends ReadOnlyServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonAnswer.send(response, HttpServletResponse.SC_OK, Map.of("status", "alive"));
    }
}
