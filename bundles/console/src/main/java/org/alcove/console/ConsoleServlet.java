package org.alcove.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.alcove.web.PageFiles;
import org.alcove.web.PagePolicy;
import org.alcove.web.readonly.ReadOnlyServlet;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /admin/*}: the files of the pages. They hold nothing secret and are the same for everybody; what they show they ask of
 * {@code /admin/api}, which knows who may see it. That is another bundle's: a request for it comes here only where that one does
 * not run.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"/admin", "/admin/*"})
public final class ConsoleServlet extends ReadOnlyServlet {

    private static final long serialVersionUID = 1L;

    private static final String API = "/api";
    private static final String RETRY_SECONDS = "5";
    /** An error as the administration itself would write it. */
    private static final byte[] AWAY = """
            {"error":{"code":"not_there","message":"the administration is not there: the server is starting or stopping, or\
             admin-api.jar in plugins/ does not run or has no conf/org.alcove.admin.config; try again in a moment, and else look\
             into the server's log"}}"""
            .getBytes(StandardCharsets.UTF_8);

    private final transient PageFiles pages = new PageFiles(ConsoleServlet.class, "pages/", new PagePolicy(List.of()));

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        String path = request.getPathInfo();
        if (path != null && (path.equals(API) || path.startsWith(API + "/"))) {
            response.setHeader("Retry-After", RETRY_SECONDS);
            refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, AWAY);
        } else {
            super.service(request, response);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path == null) {
            // Names in the page are relative to /admin/.
            response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
            response.setHeader("Location", "/admin/");
            return;
        }
        pages.serve(path.equals("/") ? "index.html" : path.substring(1), request, response);
    }
}
