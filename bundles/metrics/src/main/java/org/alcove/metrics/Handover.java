package org.alcove.metrics;

import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Answers requests that were on their way to a front end at the very moment at which it went. The HTTP service has chosen it by
 * then, finds it gone and sends 500; to be asked again, as before and after that moment, is true.
 */
@Component
public final class Handover implements Preprocessor {

    /** Of Felix's ServletHandler, where a servlet is gone that it was to call. It has no type of its own. */
    private static final String GONE = "Servlet has been unregistered";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response instanceof HttpServletResponse answer ? new Answer(request, answer) : response);
    }

    private static final class Answer extends HttpServletResponseWrapper {

        private final ServletRequest request;

        Answer(ServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public void sendError(int status) throws IOException {
            sendError(status, null);
        }

        /** The HTTP service tells its failures by this, with the cause as an attribute. */
        @Override
        public void sendError(int status, String message) throws IOException {
            if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof ServletException cause
                    && GONE.equals(cause.getMessage())) {
                AbsentFront.refuse(this, "its jar");
            } else if (message == null) {
                super.sendError(status);
            } else {
                super.sendError(status, message);
            }
        }
    }
}
