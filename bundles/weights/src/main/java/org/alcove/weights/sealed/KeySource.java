package org.alcove.weights.sealed;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFormatException;

/**
 * Fetches keys of models from their places.
 *
 * @param patience how long the Data Hub may take; attesting to a key broker takes it some seconds
 */
record KeySource(Duration patience) {

    static final KeySource USUAL = new KeySource(Duration.ofSeconds(60));
    private static final int MAX_BYTES = 1 << 10;
    private static final int MAX_REASON = 300;

    /**
     * The key of a model.
     *
     * @param model which one, for messages
     * @throws ModelFormatException if there is none to be had; says why and what to do
     */
    ModelKey fetch(KeyPlace place, String model) throws IOException {
        return switch (place) {
            case KeyPlace.Nowhere nowhere -> throw new ModelFormatException(model
                    + ", and no key is given: serve and worker take it by --model-key, or by model_key in the model's"
                    + " configuration; other commands read plain models only");
            case KeyPlace.InFile(Path file) -> ofFile(file);
            case KeyPlace.InHub hub -> ofHub(hub, model);
        };
    }

    /** The key in a file. */
    static ModelKey ofFile(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ModelFormatException(file + ": there is no such file of a model's key, or it cannot be read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return ModelKey.of(in.readNBytes(MAX_BYTES), file.toString());
        }
    }

    private ModelKey ofHub(KeyPlace.InHub hub, String model) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(hub.url()).timeout(patience).build();
        try (HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).connectTimeout(patience)
                .followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] content = body.readNBytes(MAX_BYTES);
                if (response.statusCode() != 200) {
                    throw new ModelFormatException(model + ", and " + refusal(hub, response.statusCode(), content));
                }
                return ModelKey.of(content, hub.url().toString());
            }
        } catch (HttpTimeoutException e) {
            throw new ModelFormatException(model + ", and the Data Hub at " + hub.url() + " did not hand out the key within "
                    + patience.toMillis() + " ms; see whether it reaches its key broker", e);
        } catch (ConnectException e) {
            throw new ModelFormatException(model + ", and no Data Hub answers at " + hub.url()
                    + "; is this a confidential guest with agent.guest_components_rest_api=resource or =all?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFormatException(model + "; waiting for its key was given up", e);
        }
    }

    private static String refusal(KeyPlace.InHub hub, int status, byte[] body) {
        if (status == 404) {
            return "the Data Hub answers 404 to " + hub.url() + ": it hands out no resources, or does not know this path; set the"
                    + " guest's agent.guest_components_rest_api=resource or =all";
        }
        String reason = new String(body, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ").strip();
        return "the Data Hub answers " + status + " to " + hub.url() + ": "
                + reason.substring(0, Math.min(MAX_REASON, reason.length()))
                + "; the key broker has no such key, or does not trust this guest";
    }
}
