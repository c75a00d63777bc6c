package org.alcove.cluster.front;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerAddress;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerException;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.Vacancy;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A controller of FastChat. It lists models, not workers, and counts every question for an address as a request; so workers
 * become known when it names them, and of a model without a known worker it is asked for one. How they stand, the workers say
 * themselves. It takes no exclusions: it is asked again, a few times.
 */
final class FastChatController implements ControllerDialect {

    private static final int MAX_QUESTIONS = 8;
    private static final int MAX_ADDRESSES = 10_000;
    /** A worker that says nothing for so many rounds is not asked again until the controller names it. */
    private static final int MAX_MISSES = 30;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final URI address;
    private final PeerClient client;
    private final WorkerProbe probe;
    /** Addresses it has named, with the models it named them for. */
    private final Map<String, Set<String>> named = new ConcurrentHashMap<>();
    private final Map<String, Integer> misses = new ConcurrentHashMap<>();

    /** @param client one that shows no secret */
    FastChatController(URI address, PeerClient client, WorkerProbe probe) {
        this.address = address;
        this.client = client;
        this.probe = probe;
    }

    @Override
    public List<ListedWorker> workers() throws IOException {
        Set<String> models = models();
        for (String model : models) {
            if (named.values().stream().noneMatch(of -> of.contains(model))) {
                name(model);
            }
        }
        List<ListedWorker> listed = new ArrayList<>();
        List<ListedWorker> answers = probe.ask(named.keySet());
        count(answers);
        for (ListedWorker worker : answers) {
            if (models.contains(worker.report().model().name())) {
                listed.add(worker);
            }
        }
        return listed;
    }

    private void count(List<ListedWorker> answers) {
        Set<String> silent = new HashSet<>(named.keySet());
        answers.forEach(worker -> silent.remove(worker.address()));
        misses.keySet().retainAll(silent);
        for (String worker : silent) {
            if (misses.merge(worker, 1, Integer::sum) >= MAX_MISSES) {
                named.remove(worker);
                misses.remove(worker);
            }
        }
    }

    @Override
    public Chosen choose(Request request, Set<String> excluded, Optional<String> fingerprint, List<String> ended,
            String ticket) throws IOException {
        if (fingerprint.isPresent() && fingerprint.get().isEmpty()) {
            throw none(request.model(), "whose answers could be gone on with");
        }
        Set<String> wrong = new HashSet<>(excluded);
        for (int asked = 1; asked <= MAX_QUESTIONS; asked++) {
            Optional<String> worker = name(request.model());
            if (worker.isEmpty()) {
                throw nobody(request.model());
            }
            String id = WorkerReport.clusterId(worker.get(), request.model());
            if (!wrong.contains(id) && fingerprint.map(print -> probe.fingerprint(id).equals(print)).orElse(true)) {
                return new Chosen(id, Optional.empty(), "FastChat's controller named it at question " + asked);
            }
            wrong.add(id);
        }
        throw none(request.model(), "but " + wrong.size() + " that are excluded, asked " + MAX_QUESTIONS + " times");
    }

    @Override
    public boolean vouches() {
        return false;
    }

    @Override
    public void release(List<String> tickets) {
        // It gives none.
    }

    private RequestException none(String model, String which) {
        return new RequestException(new Failure.Unavailable(RETRY, "the controller at " + address + " names no worker for "
                + model + " " + which));
    }

    private RequestException nobody(String model) throws IOException {
        Set<String> models = models();
        if (models.isEmpty()) {
            return Vacancy.refusal();
        }
        return new RequestException(models.contains(model)
                ? new Failure.Unavailable(RETRY,
                        "the controller at " + address + " lists " + model + " but names no worker for it")
                : new Failure.UnknownModel(model, "no worker of the controller at " + address + " serves the model"));
    }

    /** Names of the models it lists. */
    Set<String> models() throws IOException {
        return Set.copyOf(ask("/list_models", Json.object()).texts("models", Protocol.MAX_ELEMENTS));
    }

    /** The address it names for a model, if any. */
    private Optional<String> name(String model) throws IOException {
        String told = ask("/get_worker_address", Json.object().put("model", model)).text("address");
        if (told.isEmpty()) {
            return Optional.empty();
        }
        String worker = PeerAddress.parse(told).map(URI::toString).orElseThrow(() -> WireException.malformed(
                "the controller at " + address + " names what is no address of a worker"));
        if (named.size() < MAX_ADDRESSES) {
            named.computeIfAbsent(worker, address -> ConcurrentHashMap.newKeySet()).add(model);
        }
        return Optional.of(worker);
    }

    private Fields ask(String path, ObjectNode body) throws IOException {
        PeerClient.Answer answer = client.post(address, path, body);
        if (!answer.fine()) {
            throw new PeerException("the controller at " + address + " answers " + path + " with HTTP status " + answer.status());
        }
        return answer.fields();
    }
}
