package org.alcove.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.Audit;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitors;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.configuration.GivenValues;
import org.alcove.keys.ApiKeys;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/api/*}: finds who is asked, admits who asks, writes changes into the audit, and makes every failure an error
 * object. It opens only once its configuration is there: before, nobody knows who may ask.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.admin", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern("/admin/api/*")
@Designate(ocd = AdminConfiguration.class)
public final class AdminServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServlet.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/admin/api/";

    private final transient Visitors visitors;
    private final transient Audit audit;
    private final transient IssuedKeys keys;
    private final transient List<Desk> desks = new CopyOnWriteArrayList<>();
    private transient volatile Gate gate;

    @Activate
    public AdminServlet(@Reference Visitors visitors, @Reference Audit audit, @Reference IssuedKeys keys,
            Map<String, Object> given) throws IOException {
        this.keys = keys;
        this.visitors = visitors;
        this.audit = audit;
        gate = reader().first(given, "the admin API answers nobody");
    }

    AdminServlet(Gate gate, Audit audit, List<Desk> desks) {
        this.keys = null;
        this.visitors = gate.visitors();
        this.audit = audit;
        this.gate = gate;
        this.desks.addAll(desks);
    }

    @Modified
    void configure(Map<String, Object> given) {
        reader().next(given).ifPresent(next -> gate = next);
    }

    private ConfigurationReader<Gate> reader() {
        return new ConfigurationReader<>("org.alcove.admin", AdminConfiguration.class, this::gate, LOG);
    }

    private Gate gate(GivenValues values) {
        return new Gate(visitors, ApiKeys.of(values.text("admin_keys_file")), new RoleKeys(keys, InstantSource.system()),
                values.flag("reachable_from_elsewhere"));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(Desk desk) {
        desks.add(desk);
    }

    void unbind(Desk desk) {
        desks.remove(desk);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Route.Reply reply = serve(request, response);
            if (reply != null) {
                answer(response, reply.status(), reply.body());
            }
        } catch (AdminException refused) {
            refuse(response, refused);
        } catch (AccountException refused) {
            refuse(response, AccountRefusals.of(refused));
        } catch (RuntimeException fault) {
            LOG.error("The admin API failed", fault);
            refuse(response, new AdminException(500, "internal_error", "the admin API failed; the server's log says more"));
        }
    }

    /** A route, and what stands for its stars. */
    private record Found(Route route, List<String> stars) {
    }

    private Route.Reply serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Who may not come in does not learn either what is there.
        List<Found> there = find(request);
        boolean open = there.stream().anyMatch(found -> found.route().method().equals(request.getMethod())
                && found.route().least().isEmpty());
        Gate now = gate;
        Caller caller = Caller.NOBODY;
        if (open) {
            Gate.refuseForeignPages(request);
        } else {
            caller = now.admit(request);
        }
        Found found = choose(there, request, response);
        Call call = new Call(request, response, caller, found.stars());
        Optional<Role> least = found.route().least();
        if (least.isPresent() && !caller.role().covers(least.get())) {
            note(found.route(), call, "refused");
            throw new AdminException(403, "role_too_small", "this needs the role " + least.get().word() + "; " + caller.name()
                    + " has the role " + caller.role().word());
        }
        return perform(found.route(), call);
    }

    private Route.Reply perform(Route route, Call call) {
        String outcome = "failed";
        try {
            Route.Reply reply = served(route, call);
            outcome = "done";
            return reply;
        } catch (AdminException refused) {
            outcome = refused.outcome();
            throw refused;
        } finally {
            note(route, call, outcome);
        }
    }

    private Route.Reply served(Route route, Call call) {
        for (Desk desk : desks) {
            desk.refusal(route).ifPresent(refused -> {
                throw refused;
            });
        }
        try {
            if (route.asked().isPresent()) {
                call.refuseMore(route.asked().get());
            }
            return route.handler().serve(call);
        } catch (AccountException refused) {
            throw AccountRefusals.of(refused);
        } catch (UncheckedIOException e) {
            throw failed(route, e.getMessage());
        } catch (IOException e) {
            // Those of files name what is wrong; of others the class says it, or there is a reason and no file.
            boolean plain = e.getMessage() != null && (!(e instanceof FileSystemException file) || file.getReason() != null);
            throw failed(route, plain ? e.getMessage() : e.toString());
        }
    }

    private static AdminException failed(Route route, String why) {
        LOG.warn("{} {} failed: {}", route.method(), route.pattern(), why);
        return AdminException.disk(!route.deed().isEmpty(), why);
    }

    private void note(Route route, Call call, String outcome) {
        if (route.deed().isEmpty()) {
            return;
        }
        try {
            audit.record(call.caller().name(), call.caller().via(), route.deed(), call.subject(), call.detail(), outcome);
        } catch (UncheckedIOException unwritten) {
            // Who was refused, or failed, is told why; the log says the rest.
            if (outcome.equals("done")) {
                throw new AdminException(500, "not_written_down", unwritten.getMessage() + "; do not ask again, but free some of"
                        + " the server's disk");
            }
        }
    }

    private List<Found> find(HttpServletRequest request) {
        List<String> path = path(request);
        return desks.stream().flatMap(desk -> desk.routes().stream())
                .flatMap(route -> route.match(path).map(stars -> new Found(route, stars)).stream()).toList();
    }

    private static Found choose(List<Found> there, HttpServletRequest request, HttpServletResponse response) {
        if (there.isEmpty()) {
            throw new AdminException(404, "not_found", "there is nothing here; docs/admin-api.yaml lists what there is");
        }
        return there.stream().filter(found -> found.route().method().equals(request.getMethod())).findFirst().orElseThrow(() -> {
            Set<String> methods = new TreeSet<>(there.stream().map(found -> found.route().method()).toList());
            response.setHeader("Allow", String.join(", ", methods));
            return new AdminException(405, "method_not_allowed", "use " + String.join(" or ", methods));
        });
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

    private static void refuse(HttpServletResponse response, AdminException refused) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("the admin API failed after its answer had begun");
        }
        if (refused.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"alcove admin\"");
        }
        if (!refused.retryAfter().isZero()) {
            response.setHeader("Retry-After", Long.toString(refused.retryAfter().toSeconds()));
        }
        answer(response, refused.status(), AdminJson.error(refused.code(), refused.getMessage()));
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
