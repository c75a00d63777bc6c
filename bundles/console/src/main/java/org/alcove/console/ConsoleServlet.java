package org.alcove.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.alcove.web.PageFiles;
import org.alcove.web.PagePolicy;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /admin/*}: the files of the pages. They hold nothing secret and are the same for everybody; what they show they ask of
 * {@code /admin/api}, which knows who may see it.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"/admin", "/admin/*"})
public final class ConsoleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient PageFiles pages = new PageFiles(ConsoleServlet.class, "pages/", new PagePolicy(List.of()));

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
