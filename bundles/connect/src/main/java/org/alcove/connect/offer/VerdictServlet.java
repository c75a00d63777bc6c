package org.alcove.connect.offer;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * What the chat page's shield shows: {@code GET /connect/verdict}. Only this process can say it, on the reader's own machine; a
 * page of another origin is told nothing, because no header allows it to read the answer.
 */
final class VerdictServlet extends HttpServlet {

    static final String PATH = "/connect/verdict";
    private static final long serialVersionUID = 1L;

    private final transient Supplier<byte[]> verdict;

    /** @param verdict JSON */
    VerdictServlet(Supplier<byte[]> verdict) {
        this.verdict = verdict;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] json = verdict.get();
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
