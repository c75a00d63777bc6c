package org.alcove.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.alcove.accounts.Audit;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.alcove.accounts.Visitors;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The door to the Apache Felix Web Console at {@code /admin/felix}: the same login as everywhere under {@code /admin}, the role
 * admin, and changes only from its own pages, each written down. It knows no password of its own.
 */
@Component(service = SecurityProvider.class, property = SecurityProvider.PROPERTY_ID + "=org.alcove.console")
public final class FelixDoor implements SecurityProvider {

    /**
     * Its pages begin with scripts in the page, its sorted tables compile their comparison from text, and it sets styles on
     * elements, so all three have to be allowed; everything comes from this server only, and no page may show it in a frame.
     */
    static final String POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
            + "form-action 'self'; frame-ancestors 'none'";

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String CONSOLE = "/admin/";

    private final Visitors visitors;
    private final Audit audit;

    @Activate
    public FelixDoor(@Reference Visitors visitors, @Reference Audit audit) {
        this.visitors = visitors;
        this.audit = audit;
    }

    @Override
    public Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        headers(response);
        Optional<Visitor> visitor = visitors.who(request);
        try {
            if (visitor.isEmpty()) {
                turnAway(request, response);
                return null;
            }
            String name = visitor.get().name();
            Role role = visitor.get().role();
            if (!role.covers(Role.ADMIN)) {
                refuse(response, HttpServletResponse.SC_FORBIDDEN,
                        "The framework is open to the role admin; " + name + " has the role " + role.word() + ".");
                return null;
            }
            if (!READING.contains(request.getMethod())) {
                boolean own = fromOwnPage(request);
                audit.record(name, "session", "framework.change", request.getRequestURI(), request.getMethod(),
                        own ? "done" : "refused");
                if (!own) {
                    refuse(response, HttpServletResponse.SC_FORBIDDEN, "The framework is changed from its own pages only.");
                    return null;
                }
            }
            return name;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public boolean authorize(Object user, String role) {
        return user != null;
    }

    /** Signing out is done where one signed in. */
    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        try {
            response.sendRedirect(CONSOLE);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static void turnAway(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (READING.contains(request.getMethod())) {
            response.sendRedirect(CONSOLE);
        } else {
            refuse(response, HttpServletResponse.SC_UNAUTHORIZED, "Sign in at " + CONSOLE + " first.");
        }
    }

    private static void refuse(HttpServletResponse response, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
        response.flushBuffer();
    }

    private static void headers(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** Browsers say which page makes them ask; what says nothing is no page of this console. */
    private static boolean fromOwnPage(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        String host = request.getHeader("Host");
        return (origin != null || site != null) && (site == null || site.equals("same-origin"))
                && (origin == null || origin.equals("http://" + host) || origin.equals("https://" + host));
    }
}
