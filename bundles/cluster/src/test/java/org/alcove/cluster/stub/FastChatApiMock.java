package org.alcove.cluster.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * An API server of FastChat, as far as its protocol is described: has a worker named by the controller, or knows one, fetches its
 * template, writes the prompt (of the styles, only the one without colons), counts its tokens, and reads cumulative chunks.
 */
public final class FastChatApiMock {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_COLON_SINGLE = 4;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI worker;

    public FastChatApiMock(URI worker) {
        this.worker = worker;
    }

    /** Asks a controller for its models and for a worker, as at the beginning of each request. */
    public static FastChatApiMock through(URI controller, String model) {
        FastChatApiMock asking = new FastChatApiMock(controller);
        asking.post("/refresh_all_workers", null);
        JsonNode models = asking.json("/list_models", null).path("models");
        if (!models.toString().contains("\"" + model + "\"")) {
            throw new AssertionError("40301: only " + models + " are allowed");
        }
        String address = asking.json("/get_worker_address", JSON.createObjectNode().put("model", model)).path("address")
                .textValue();
        return address.isEmpty() ? null : new FastChatApiMock(URI.create(address));
    }

    public URI worker() {
        return worker;
    }

    /** The turns are the user's and the assistant's in turn, the user's last. */
    public String chat(String model, String system, List<String> turns) {
        ObjectNode order = JSON.createObjectNode().put("model", model).put("prompt", prompt(model, system, turns))
                .put("temperature", 0.7).put("top_p", 1.0).put("top_k", -1).put("presence_penalty", 0.0)
                .put("frequency_penalty", 0.0).put("max_new_tokens", 64).put("echo", false);
        order.putNull("stop_token_ids").putNull("logprobs").putNull("best_of").put("use_beam_search", false);
        order.putArray("stop");
        String text = "";
        for (JsonNode chunk : Frames.of(post("/worker_generate_stream", order))) {
            if (chunk.path("error_code").intValue() != 0) {
                throw new AssertionError(chunk.toString());
            }
            text = chunk.path("text").textValue();
        }
        return text;
    }

    public int count(String model, String system, List<String> turns) {
        return json("/count_token", JSON.createObjectNode().put("model", model).put("prompt", prompt(model, system, turns)))
                .path("count").intValue();
    }

    private String prompt(String model, String system, List<String> turns) {
        JsonNode conv = json("/worker_get_conv_template", JSON.createObjectNode().put("model", model)).path("conv");
        if (conv.path("sep_style").intValue() != NO_COLON_SINGLE) {
            throw new AssertionError(conv.toString());
        }
        String said = system.isEmpty() ? conv.path("system_message").textValue() : system;
        StringBuilder prompt = new StringBuilder(conv.path("system_template").textValue().replace("{system_message}", said));
        for (int i = 0; i < turns.size(); i++) {
            prompt.append(conv.path("roles").path(i % 2).textValue()).append(turns.get(i)).append(conv.path("sep").textValue());
        }
        return prompt.append(conv.path("roles").path(1).textValue()).toString();
    }

    private JsonNode json(String path, JsonNode body) {
        return Frames.json(post(path, body));
    }

    private String post(String path, JsonNode body) {
        try {
            HttpRequest.BodyPublisher publisher = body == null ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString());
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(worker + path)).POST(publisher).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }
}
