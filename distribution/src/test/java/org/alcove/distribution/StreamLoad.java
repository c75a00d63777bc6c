package org.alcove.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Many seeded streams at once through the OpenAI API, each with another prompt. */
final class StreamLoad implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] HEROES =
            {"a cat", "a little girl", "a brave dog", "a big red ball", "Tom", "Lily", "an old man", "a bird"};

    private final String url;
    private final String model;
    private final int tokens;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger deltas = new AtomicInteger();
    private final List<Future<String>> running = new ArrayList<>();

    /** @param tokens length of each answer */
    StreamLoad(String url, String model, int tokens) {
        this.url = url;
        this.model = model;
        this.tokens = tokens;
    }

    /** Starts them. */
    StreamLoad start(int streams) {
        for (int i = 0; i < streams; i++) {
            int number = i;
            running.add(threads.submit(() -> text(number)));
        }
        return this;
    }

    /** How many events with text have arrived, of all streams together. */
    int deltas() {
        return deltas.get();
    }

    /** All texts in order; fails where a stream did not end well. */
    List<String> texts() throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (Future<String> stream : running) {
            try {
                texts.add(stream.get());
            } catch (ExecutionException e) {
                throw new AssertionError("stream " + texts.size() + ": " + e.getCause().getMessage(), e);
            }
        }
        return texts;
    }

    private String text(int number) throws IOException, InterruptedException {
        String body = JSON.writeValueAsString(Map.of("model", model, "prompt", "Once upon a time there was "
                + HEROES[number % HEROES.length], "max_tokens", tokens, "temperature", 0.9, "seed", number, "stream", true));
        HttpResponse<Stream<String>> response = client.send(HttpRequest.newBuilder(URI.create(url + "/v1/completions"))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + " " + response.body().toList());
        }
        StringBuilder text = new StringBuilder();
        boolean done = false;
        try (Stream<String> lines = response.body()) {
            for (Iterator<String> line = lines.iterator(); line.hasNext() && !done;) {
                done = read(line.next(), text);
            }
        }
        if (!done) {
            throw new IOException("the stream ended without [DONE] after: " + text);
        }
        return text.toString();
    }

    /** Takes in one line of the stream; whether it was the last. */
    private boolean read(String line, StringBuilder text) throws IOException {
        if (!line.startsWith("data: ")) {
            return false;
        }
        if (line.equals("data: [DONE]")) {
            return true;
        }
        JsonNode event = JSON.readTree(line.substring("data: ".length()));
        if (event.has("error")) {
            throw new IOException(event + " after: " + text);
        }
        for (JsonNode choice : event.path("choices")) {
            text.append(choice.path("text").asText());
        }
        deltas.incrementAndGet();
        return false;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        client.close();
    }
}
