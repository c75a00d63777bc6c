package org.alcove.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.keys.ApiKeys;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/api/*}: what the controller knows and why it chose whom, and the drain of workers. It opens only once its
 * configuration is there: before, nobody knows who may ask.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.admin", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern("/admin/api/*")
@Designate(ocd = AdminConfiguration.class)
public final class AdminServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServlet.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/admin/api/";
    private static final String GET = "GET";
    private static final String POST = "POST";

    private final transient Controller controller;
    private final transient AdminJson json;
    private transient volatile Gate gate;

    @Activate
    public AdminServlet(@Reference Controller controller, AdminConfiguration configuration) {
        this(controller, gate(configuration), InstantSource.system());
    }

    AdminServlet(Controller controller, Gate gate, InstantSource clock) {
        this.controller = controller;
        this.json = new AdminJson(controller, clock);
        this.gate = gate;
    }

    @Modified
    void configure(AdminConfiguration configuration) {
        gate = gate(configuration);
    }

    private static Gate gate(AdminConfiguration configuration) {
        String file = configuration.admin__keys__file().strip();
        return new Gate(file.isEmpty() ? Optional.empty() : Optional.of(new ApiKeys(Path.of(file))),
                configuration.reachable__from__elsewhere());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            String who = gate.admit(request);
            answer(response, HttpServletResponse.SC_OK, serve(request, who));
        } catch (AdminException refused) {
            if (refused.status() == HttpServletResponse.SC_UNAUTHORIZED) {
                response.setHeader("WWW-Authenticate", "Bearer realm=\"alcove admin\"");
            }
            answer(response, refused.status(), AdminJson.error(refused.code(), refused.getMessage()));
        } catch (RuntimeException fault) {
            LOG.error("The admin API failed", fault);
            answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                    AdminJson.error("internal_error", "the admin API failed; the server's log says more"));
        }
    }

    private ObjectNode serve(HttpServletRequest request, String who) {
        List<String> path = path(request);
        return switch (path.size() == 3 ? path.getFirst() + "/*/" + path.getLast() : String.join("/", path)) {
            case "dispatch" -> only(GET, request, json::dispatches);
            case "workers" -> only(GET, request, json::workers);
            case "models" -> only(GET, request, json::models);
            case "workers/*/drain" -> only(POST, request, () -> tell(path.get(1), "drain", controller::drain, who));
            case "workers/*/reopen" -> only(POST, request, () -> tell(path.get(1), "reopen", controller::reopen, who));
            default -> throw new AdminException(HttpServletResponse.SC_NOT_FOUND, "not_found", "there is nothing here; there are "
                    + ROOT + "dispatch, workers, models, workers/{id}/drain and workers/{id}/reopen");
        };
    }

    private interface Page {
        ObjectNode render();
    }

    private static ObjectNode only(String method, HttpServletRequest request, Page page) {
        if (!request.getMethod().equals(method)) {
            throw new AdminException(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "method_not_allowed", "use " + method);
        }
        return page.render();
    }

    /** What follows the root, each part decoded by itself: ids of workers hold slashes, sent as %2F. */
    private static List<String> path(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int root = uri.indexOf(ROOT);
        String raw = root < 0 ? "" : uri.substring(root + ROOT.length());
        try {
            return Arrays.stream(raw.split("/")).map(part -> URLDecoder.decode(part.replace("+", "%2B"),
                    StandardCharsets.UTF_8)).toList();
        } catch (IllegalArgumentException malformed) {
            return List.of();
        }
    }

    private ObjectNode tell(String worker, String what, Consumer<String> order, String who) {
        try {
            order.accept(worker);
        } catch (NoSuchElementException e) {
            throw new AdminException(HttpServletResponse.SC_NOT_FOUND, "unknown_worker", e.getMessage());
        } catch (RequestException e) {
            throw e.failure() instanceof Failure.Unsupported
                    ? new AdminException(HttpServletResponse.SC_CONFLICT, "unsupported", e.getMessage())
                    : new AdminException(HttpServletResponse.SC_BAD_GATEWAY, "worker_failed", e.getMessage());
        }
        LOG.info("Worker {} was told to {} by {}", worker, what, who);
        return json.worker(worker).orElseThrow(() -> new AdminException(HttpServletResponse.SC_NOT_FOUND, "unknown_worker",
                "worker " + worker + " has gone"));
    }

    private static void answer(HttpServletResponse response, int status, ObjectNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
