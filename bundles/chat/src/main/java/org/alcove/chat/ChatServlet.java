package org.alcove.chat;

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

/** {@code /} is the chat page, {@code /chat/*} its files. They hold nothing secret; the API asks for keys where there are any. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"", "/chat/*"})
public final class ChatServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Only the sanitizer makes markup of text, and only the loader of our own two libraries names scripts. */
    private static final PagePolicy POLICY = new PagePolicy(List.of("dompurify", "alcove-vendor"));

    private final transient PageFiles files = new PageFiles(ChatServlet.class, "pages/", POLICY);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean root = request.getServletPath().isEmpty();
        String path = request.getPathInfo();
        files.serve(root ? "index.html" : path == null ? "" : path.substring(1), request, response);
    }
}
