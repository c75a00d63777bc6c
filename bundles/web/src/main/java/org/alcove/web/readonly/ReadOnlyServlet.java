package org.alcove.web.readonly;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Shows something, to GET and HEAD alone. Left to itself a servlet says of no other method what it takes instead, and sends the
 * headers of a TRACE back, with the keys that may stand in them.
 */
public abstract class ReadOnlyServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String ALLOWED = "GET, HEAD";
    private static final byte[] REFUSAL = """
            {"error":{"code":"method_not_allowed","message":"this path takes GET and HEAD alone"}}
            """.getBytes(StandardCharsets.UTF_8);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> super.service(request, response);
            default -> {
                response.setHeader("Allow", ALLOWED);
                refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, REFUSAL);
            }
        }
    }

    /** Answers with an error instead of what there is to show. */
    protected static void refuse(HttpServletResponse response, int status, byte[] json) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
