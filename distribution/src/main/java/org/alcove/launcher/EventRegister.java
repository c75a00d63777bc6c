package org.alcove.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the machine remembers events: a register that can be extended and never set. */
interface EventRegister {

    /** RTMR3 as Linux shows it from 6.16 on; 48 bytes written to it extend it. */
    Path RTMR_3 = Path.of("/sys/devices/virtual/misc/tdx_guest/measurements/rtmr3:sha384");
    /** The Attestation Agent of confidential containers. */
    URI AGENT = URI.create("http://127.0.0.1:8006");

    /** How the evidence names it; {@code none} where the machine has none. */
    String name();

    /**
     * Extends it by an event.
     *
     * @throws IOException if that was not done
     */
    void extend(String domain, String operation, String content) throws IOException;

    /** Events since the machine started of which its own logs do not know, in their order: {@code DOMAIN OPERATION CONTENT}. */
    default List<String> events() {
        return List.of();
    }

    /**
     * The register that belongs to a source of evidence: {@code tsm}, {@code agent}, or one that has none.
     *
     * @param events file in which a register of the kernel's remembers its events
     * @throws UsageException if that register holds others, too
     */
    static EventRegister of(String evidence, Path rtmr, Path events, URI agent) throws IOException {
        return switch (evidence) {
            case "tsm" -> Files.exists(rtmr) ? KernelRegister.of(rtmr, events) : new None();
            case "agent" -> new Agent(agent);
            default -> new None();
        };
    }

    /**
     * The data of an event, and of its entry in a TCG2 log, as the Attestation Agent writes them: the tag AAEL and the size of
     * the text, four bytes each, little-endian, then {@code DOMAIN OPERATION CONTENT}.
     */
    static byte[] data(String domain, String operation, String content) {
        return data(domain + " " + operation + " " + content);
    }

    /** The same of a whole text. */
    static byte[] data(String event) {
        byte[] text = event.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Integer.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN).putInt(0x4141454c)
                .putInt(text.length).put(text).array();
    }

    /** The process's own log, and nothing beside it. */
    record None() implements EventRegister {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public void extend(String domain, String operation, String content) {
            // Nothing of the machine remembers it; the evidence says so.
        }
    }

    /** The Attestation Agent, which extends RTMR3 and keeps the log that its evidence carries. */
    record Agent(URI address, HttpClient http) implements EventRegister {
        private static final Duration PATIENCE = Duration.ofSeconds(60);

        Agent(URI address) {
            this(address, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY)
                    .build());
        }

        @Override
        public String name() {
            return "rtmr_3";
        }

        @Override
        public void extend(String domain, String operation, String content) throws IOException {
            // Names, versions and digests need no escapes in JSON: JarFile lets no other characters through.
            String body = "{\"domain\":\"" + domain + "\",\"operation\":\"" + operation + "\",\"content\":\"" + content + "\"}";
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/aa/aael")).timeout(PATIENCE)
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200 || !response.body().replace(" ", "").contains("\"success\":\"true\"")) {
                    throw new IOException("the attestation agent at " + address + " does not extend its event log: HTTP status "
                            + response.statusCode() + "; set the kernel parameter agent.guest_components_rest_api=all");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the attestation agent at " + address + " was asked", e);
            }
        }
    }
}
