package org.alcove.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.WireException;

/**
 * Quotes by the attestation agent of confidential containers, over its REST interface on this machine. What it calls runtime data
 * is text of at most 64 bytes on every release, hence {@link EvidenceDocument.Form#SHA256_HEX}.
 */
final class AgentSource implements QuoteSource, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST = 16 << 20;
    private static final int SHOWN = 200;
    private static final int NOT_FOUND = 404;

    private final URI agent;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(2)).build();

    /** @param agent where it answers, without a path */
    AgentSource(URI agent) {
        this.agent = agent;
    }

    @Override
    public EvidenceDocument.Form form() {
        return EvidenceDocument.Form.SHA256_HEX;
    }

    @Override
    public Evidence quote(byte[] reportData) throws IOException {
        URI asked = agent.resolve("/aa/evidence?runtime_data=" + new String(reportData, StandardCharsets.US_ASCII));
        HttpRequest request = HttpRequest.newBuilder(asked).timeout(PATIENCE).GET().build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = response.body()) {
                body = in.readNBytes(LARGEST + 1);
            }
            if (response.statusCode() != 200) {
                throw new IOException("the attestation agent at " + agent + " answers with HTTP status " + response.statusCode()
                        + ": " + shown(body) + (response.statusCode() == NOT_FOUND
                                ? "; set the kernel parameter agent.guest_components_rest_api=all" : ""));
            }
            return read(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the attestation agent at " + agent + " was asked", e);
        }
    }

    private Evidence read(byte[] body) throws IOException {
        if (body.length > LARGEST) {
            throw new IOException("the attestation agent's evidence has more than " + LARGEST + " bytes");
        }
        try {
            Fields json = Json.read(body, "the evidence of the attestation agent at " + agent);
            if (!json.has("quote")) {
                throw new IOException("the attestation agent at " + agent + " gives evidence without a TDX quote: this is no TDX"
                        + " machine, or a sample agent");
            }
            Optional<byte[]> log = json.has("cc_eventlog") ? Optional.of(json.bytes("cc_eventlog")) : Optional.empty();
            return new Evidence(json.bytes("quote"), log);
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String shown(byte[] body) {
        return new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ").strip();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
