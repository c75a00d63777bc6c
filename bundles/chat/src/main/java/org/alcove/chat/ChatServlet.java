package org.alcove.chat;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.alcove.web.PageFiles;
import org.alcove.web.PagePolicy;
import org.alcove.web.readonly.ReadOnlyServlet;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /} is the chat page, {@code /chat/*} its files. They hold nothing secret; the API asks for keys where there are any.
 *
 * <p>The pattern {@code /} also brings every path that nobody else answers. The one for the root alone is the empty text, which
 * the XML of a component cannot hold.
 *
 * <p>The page is there where the API it speaks to is configured: not on the ports of workers and controllers.
 */
@Component(service = Servlet.class, configurationPid = "org.alcove.openai", configurationPolicy = ConfigurationPolicy.REQUIRE)
@HttpWhiteboardServletPattern({"/", "/chat/*"})
public final class ChatServlet extends ReadOnlyServlet {

    private static final long serialVersionUID = 1L;
    private static final String ROOT = "/";
    private static final String FILES = "/chat/";

    /** Only the sanitizer makes markup of text, and only the loader of our own two libraries names scripts. */
    private static final PagePolicy POLICY = new PagePolicy(List.of("dompurify", "alcove-vendor"));

    private final transient PageFiles files = new PageFiles(ChatServlet.class, "pages/", POLICY);

    /** The configuration is the API's: that it is there is all that counts here. */
    @Modified
    void configure() {
        // The page stays as it is.
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        String path = request.getRequestURI();
        if (path.equals(ROOT) || path.startsWith(FILES)) {
            super.service(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        files.serve(path.equals(ROOT) ? "index.html" : path.substring(FILES.length()), request, response);
    }
}
