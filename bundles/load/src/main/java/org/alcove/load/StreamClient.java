package org.alcove.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Asks a server of the OpenAI protocol and times what it streams. */
final class StreamClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENT = "data: ";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Target target;
    private final String key;
    private final LongSupplier clock;

    /**
     * @param key the server's API key, or empty
     * @param clock nanoseconds
     */
    StreamClient(Target target, String key, LongSupplier clock) {
        this.target = target;
        this.key = key;
        this.clock = clock;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.url() + path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    /** The first model that the server lists. */
    String firstModel() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request("/v1/models").build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw refused(response.statusCode(), response.body());
        }
        JsonNode first = JSON.readTree(response.body()).path("data").path(0).path("id");
        if (!first.isTextual()) {
            throw new IOException(target.url() + " serves no model");
        }
        return first.textValue();
    }

    /**
     * Has one answer written.
     *
     * @throws IOException if it does not end as it should
     */
    Answer answer(String model, String prompt, int tokens, int seed) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("prompt", prompt).put("max_tokens", tokens)
                .put("ignore_eos", true).put("seed", seed).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        long start = clock.getAsLong();
        HttpResponse<Stream<String>> response = client.send(request("/v1/completions").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))).build(),
                HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(response.statusCode(), String.join("", lines.toList()));
            }
            return read(lines.iterator(), start);
        }
    }

    private Answer read(Iterator<String> lines, long start) throws IOException {
        long first = 0;
        long last = 0;
        int tokens = 0;
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.equals(EVENT + "[DONE]")) {
                return new Answer(tokens, first - start, last - start);
            } else if (!line.startsWith(EVENT)) {
                continue;
            }
            JsonNode event = JSON.readTree(line.substring(EVENT.length()));
            if (event.has("error")) {
                throw new IOException(target.url() + " broke off: " + event.path("error").path("message").asText());
            }
            if (!event.path("choices").path(0).path("text").asText("").isEmpty()) {
                last = clock.getAsLong();
                first = first == 0 ? last : first;
            }
            tokens = event.path("usage").path("completion_tokens").asInt(tokens);
        }
        throw new IOException(target.url() + " cut an answer off");
    }

    private IOException refused(int status, String body) {
        return new IOException(target.url() + " answers " + status + " " + body);
    }

    @Override
    public void close() {
        client.close();
    }
}
