package org.alcove.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.alcove.api.worker.WorkerStatus.State;

/** A controller, an API process and workers, each a process of its own on loopback, with a quick heart. */
final class ClusterProcesses implements AutoCloseable {

    static final String MODEL = "stories260K";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> QUICK = Map.of("ALCOVE_JAVA_FLAGS",
            "-Dalcove.heartbeat_seconds=1 -Dalcove.late_after_seconds=5 -Dalcove.gone_after_seconds=10"
                    + " -Dalcove.poll_seconds=1 -Dalcove.stall_seconds=4");

    private final Path folder;
    private final Path home;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ServerProcess> processes = new ArrayList<>();
    private final Map<ServerProcess, String> names = new LinkedHashMap<>();
    private String controllerUrl;

    /** @param folder for what the processes keep */
    ClusterProcesses(Path folder) {
        this(folder, Distribution.home());
    }

    /**
     * Processes of a copy of the distribution.
     *
     * @param folder for what they keep
     * @param home that copy
     */
    ClusterProcesses(Path folder, Path home) {
        this.folder = folder;
        this.home = home;
    }

    /** The controller is not there yet, and will be at this port. */
    ClusterProcesses expectController(ReservedPort port) {
        controllerUrl = "http://127.0.0.1:" + port.number();
        return this;
    }

    private ServerProcess launch(String role, String name, List<String> flags) throws IOException {
        List<String> all = new ArrayList<>(List.of("--data", folder.resolve(name + "-" + processes.size()).toString()));
        all.addAll(flags);
        ServerProcess process = ServerProcess.launch(home, role, QUICK, all);
        processes.add(process);
        names.put(process, name);
        return process;
    }

    /** Starts the controller, on the port it had before if there was one. */
    ServerProcess controller() throws IOException {
        String port = controllerUrl == null ? "0" : Integer.toString(URI.create(controllerUrl).getPort());
        ServerProcess process = launch("controller", "controller", List.of("--port", port)).awaitReady();
        controllerUrl = process.url();
        return process;
    }

    String controllerUrl() {
        return controllerUrl;
    }

    /** Starts a worker of at most that many tokens a second; does not wait. */
    ServerProcess worker(int tokensPerSecond) throws IOException {
        return launch("worker", "worker", List.of("--port", "0", "--controller", controllerUrl, "--model",
                Distribution.smallModel().toString(), "--max-tokens-per-second", Integer.toString(tokensPerSecond)));
    }

    /** Starts an API process. */
    ServerProcess api() throws IOException {
        return launch("api", "api", List.of("--port", "0", "--controller", controllerUrl)).awaitReady();
    }

    /** The controller's record of a worker, or null. */
    JsonNode record(String id) {
        for (JsonNode candidate : get(controllerUrl + "/admin/api/workers").path("workers")) {
            if (candidate.path("id").asText().equals(id)) {
                return candidate;
            }
        }
        return null;
    }

    /** The state in which the controller sees a worker, or null where it does not know it. */
    State state(String id) {
        JsonNode record = record(id);
        return record == null ? null : State.valueOf(record.path("state").asText().toUpperCase(Locale.ROOT));
    }

    /** By which the cluster knows the one model of a worker process. */
    static String id(ServerProcess worker) {
        return worker.url() + "#" + MODEL;
    }

    void awaitState(ServerProcess worker, State state) {
        RunningModel.await(id(worker) + " in state " + state, () -> state(id(worker)) == state);
    }

    /** Waits until a worker is gone. */
    void awaitGone(String id) {
        RunningModel.await(id + " gone", () -> state(id) == State.GONE);
    }

    /** What is told at a URL, as soon as it is: a process that has just started may answer its kind before it answers people. */
    JsonNode get(String url) {
        try {
            AtomicReference<HttpResponse<String>> response = new AtomicReference<>(ask(url));
            RunningModel.await("an answer of " + url, () -> {
                if (response.get().statusCode() != 200) {
                    response.set(ask(url));
                }
                return response.get().statusCode() == 200;
            });
            return JSON.readTree(response.get().body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> ask(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    /** Status and body of what {@code /readyz} answers. */
    String readiness(ServerProcess process) {
        return told(ask(process.url() + "/readyz"));
    }

    /** Status and body of a chat's answer. */
    String chat(ServerProcess process) {
        return told(send(HttpRequest.newBuilder(URI.create(process.url() + "/v1/chat/completions"))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"" + MODEL
                        + "\", \"max_tokens\": 4, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"))));
    }

    private static String told(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What all processes wrote, for the report of a test that fails. */
    String outputs() {
        StringBuilder outputs = new StringBuilder();
        names.forEach((process, name) -> outputs.append("---- ").append(name).append('\n').append(process.output()));
        return outputs.toString();
    }

    @Override
    public void close() {
        for (ServerProcess process : processes.reversed()) {
            process.kill();
        }
        client.close();
    }
}
