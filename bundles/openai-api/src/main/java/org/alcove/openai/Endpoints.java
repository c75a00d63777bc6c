package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.alcove.api.control.Controller;
import org.alcove.web.stopping.InFlight;

/** Finds the endpoint of a path. The path is taken as it came: a model's id may hold slashes, sent plain or as %2F. */
final class Endpoints {

    private static final String ROOT = "/v1";
    private static final String MODEL = "/models/";

    private final Map<String, Endpoint> byPath;

    Endpoints(Controller controller, LoadableModels loadable, InFlight inFlight) {
        byPath = Map.of("/models", new ModelsEndpoint(controller, loadable),
                "/chat/completions", AnswerEndpoint.chat(controller, loadable, inFlight),
                "/completions", AnswerEndpoint.completions(controller, loadable, inFlight));
    }

    void serve(Exchange exchange) throws IOException, InterruptedException {
        HttpServletRequest request = exchange.request();
        String path = path(request);
        boolean model = path.startsWith(MODEL) && path.length() > MODEL.length();
        Endpoint endpoint = byPath.get(model ? "/models" : path);
        if (endpoint == null) {
            throw ApiException.request(404, "not_found", "there is no " + ROOT + Value.shortened(path)
                    + "; this server has /v1/models, /v1/chat/completions and /v1/completions");
        }
        if (!Arrays.asList(endpoint.methods().split(", ")).contains(request.getMethod())) {
            throw ApiException.request(405, "method_not_allowed", Value.shortened(request.getMethod()) + " is not allowed for "
                    + ROOT + Value.shortened(path) + "; use " + endpoint.methods(), Map.of("Allow", endpoint.methods()));
        }
        exchange.pass().requireEndpoint(path.split("/")[1]);
        endpoint.serve(exchange, model ? path.substring(MODEL.length()) : "");
    }

    /** What follows {@code /v1}, decoded. */
    private static String path(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int root = uri.indexOf(ROOT);
        String raw = root < 0 ? "" : uri.substring(root + ROOT.length());
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "/";
        }
    }
}
