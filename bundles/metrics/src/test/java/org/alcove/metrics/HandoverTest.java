package org.alcove.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HandoverTest {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status = HttpServletResponse.SC_OK;

    private HttpServletResponse response() {
        Class<?>[] type = {HttpServletResponse.class};
        return (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(), type,
                (self, method, arguments) -> switch (method.getName()) {
                    case "setStatus", "sendError" -> {
                        status = (Integer) arguments[0];
                        yield null;
                    }
                    case "getOutputStream" -> new ServletOutputStream() {
                        @Override
                        public void write(int value) {
                            body.write(value);
                        }

                        @Override
                        public boolean isReady() {
                            return true;
                        }

                        @Override
                        public void setWriteListener(WriteListener listener) {
                            throw new UnsupportedOperationException();
                        }
                    };
                    default -> null;
                });
    }

    /** What the HTTP service does where a servlet throws. */
    private void fail(ServletException thrown) throws Exception {
        Class<?>[] type = {HttpServletRequest.class};
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(), type,
                (self, method, arguments) -> method.getName().equals("getAttribute")
                        && arguments[0].equals(RequestDispatcher.ERROR_EXCEPTION) ? thrown : null);
        new Handover().doFilter(request, response(), (passed, response) ->
                ((HttpServletResponse) response).sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, null));
    }

    @Test
    void aRequestWhoseFrontEndHasGoneUnderItsHandsIsToBeSentAgain() throws Exception {
        fail(new ServletException("Servlet has been unregistered"));
        assertEquals(503, status);
        String told = body.toString(StandardCharsets.UTF_8);
        assertTrue(told.contains("\"code\":\"unavailable\""), told);
    }

    @Test
    void otherFailuresStayWhatTheyAre() throws Exception {
        fail(new ServletException("out of order"));
        assertEquals(500, status);
        status = 0;
        fail(null);
        assertEquals(500, status);
        assertEquals(0, body.size());
    }
}
