package org.alcove.metrics;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Stands in for a front end at its paths, where one is configured and does not run: because the server starts or stops, or the
 * bundle is being replaced. Clients take what HTTP itself says of paths without a servlet, 404, for the last word; what they are
 * told here they ask again. The front end comes before it by its ranking.
 */
abstract class AbsentFront extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String LAST = "service.ranking:Integer=-1000";

    private final String jar;

    /** @param jar file of the bundle that should stand here */
    AbsentFront(String jar) {
        this.jar = jar;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        refuse(response, jar);
    }

    /** @param who is missing */
    static void refuse(HttpServletResponse response, String who) throws IOException {
        response.setHeader("Retry-After", "2");
        response.setHeader("X-Content-Type-Options", "nosniff");
        JsonAnswer.send(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "{\"error\":{\"message\":" + JsonAnswer.quoted(
                "nobody answers here at present: the server is starting or stopping, or " + who + " in plugins/ is being replaced"
                + " or does not run; try again in a moment, and else look into the server's log")
                + ",\"type\":\"server_error\",\"param\":null,\"code\":\"unavailable\"}}\n");
    }

    /** For the OpenAI API. */
    @Component(service = Servlet.class, configurationPid = "org.alcove.openai", configurationPolicy = ConfigurationPolicy.REQUIRE,
            property = LAST)
    @HttpWhiteboardServletPattern("/v1/*")
    public static final class OpenAi extends AbsentFront {

        private static final long serialVersionUID = 1L;

        public OpenAi() {
            super("openai-api.jar");
        }
    }

    /** For evidence and sealed requests. */
    @Component(service = Servlet.class, configurationPid = "org.alcove.sealed", configurationPolicy = ConfigurationPolicy.REQUIRE,
            property = LAST)
    @HttpWhiteboardServletPattern({"/attestation", "/sealed/v1/generate"})
    public static final class Sealed extends AbsentFront {

        private static final long serialVersionUID = 1L;

        public Sealed() {
            super("evidence.jar");
        }
    }
}
