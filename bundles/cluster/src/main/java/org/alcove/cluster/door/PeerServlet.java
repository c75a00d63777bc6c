package org.alcove.cluster.door;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Map;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.WireException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths at which other processes of the cluster speak to this one. Every failure becomes an answer with its reason. */
public final class PeerServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PeerServlet.class);

    private transient volatile Rules rules;
    private final transient RefusalLog refusals = new RefusalLog();

    /** Who may say how much, and who answers. */
    private record Rules(Guard guard, Limits limits, Map<String, Route> routes) {
    }

    /** @param routes by path */
    public PeerServlet(Guard guard, Limits limits, Map<String, Route> routes) {
        change(guard, limits, routes);
    }

    /** Goes by these from now on; what has begun ends as it began. Once they are open, the paths stay as they are. */
    public final void change(Guard guard, Limits limits, Map<String, Route> routes) {
        rules = new Rules(guard, limits, Map.copyOf(routes));
    }

    /** Opens the paths, until the registration is taken back. */
    public ServiceRegistration<Servlet> publish(BundleContext bundle) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, rules.routes().keySet().toArray(String[]::new));
        return bundle.registerService(Servlet.class, this, properties);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        Rules now = rules;
        Exchange exchange = new Exchange(request, response, Standing.FOREIGN, now.limits());
        try {
            serve(now, path, exchange);
        } catch (Refusal refused) {
            refusals.tell(path, request.getRemoteAddr(), refused.getMessage());
            if (refused.retrySeconds() > 0) {
                response.setHeader("Retry-After", Integer.toString(refused.retrySeconds()));
            }
            fail(exchange, refused.status(), FailureCodec.error(refused.code(), refused.getMessage()));
        } catch (WireException faulty) {
            refusals.tell(path, request.getRemoteAddr(), faulty.getMessage());
            String code = faulty.kind().name().toLowerCase(Locale.ROOT);
            fail(exchange, faulty.kind().status(), FailureCodec.error(code, faulty.getMessage()));
        } catch (RequestException refused) {
            fail(exchange, FailureCodec.status(refused.failure()), FailureCodec.body(refused.failure()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail(exchange, 503, FailureCodec.error("stopped", "this process is being stopped; ask another one"));
        } catch (IOException gone) {
            LOG.debug("{} of {}: the connection is gone", path, request.getRemoteAddr());
            fail(exchange, 400, FailureCodec.error("body_incomplete", "the body did not arrive whole; send it again"));
        } catch (RuntimeException fault) {
            LOG.error("{} of {} failed", path, request.getRemoteAddr(), fault);
            fail(exchange, 500, FailureCodec.error("internal", "a fault of this process; its log says more"));
        }
    }

    private static void serve(Rules rules, String path, Exchange stranger) throws IOException, InterruptedException {
        Route route = rules.routes().get(path);
        if (route == null) {
            throw Refusal.of(404, "not_found", "there is nothing at this path");
        }
        Standing standing = rules.guard().admit(stranger.request(), route.foreign());
        if (!stranger.request().getMethod().equals(route.method())) {
            stranger.response().setHeader("Allow", route.method());
            throw Refusal.of(405, "method_not_allowed", "this path takes " + route.method() + " alone");
        }
        route.handler().serve(new Exchange(stranger.request(), stranger.response(), standing, rules.limits()));
    }

    /** Where an answer has begun, a failure can only be told by cutting it off. */
    private static void fail(Exchange exchange, int status, JsonNode body) throws IOException {
        if (exchange.response().isCommitted()) {
            throw new IOException("an answer broke off after it had begun");
        }
        exchange.response().resetBuffer();
        if (status == 401) {
            exchange.response().setHeader("WWW-Authenticate", "Bearer realm=\"alcove\"");
        }
        try {
            exchange.reply(status, body);
        } catch (IOException deaf) {
            LOG.debug("and {} does not listen", exchange.request().getRemoteAddr());
        }
    }
}
