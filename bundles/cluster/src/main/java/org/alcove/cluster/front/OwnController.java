package org.alcove.cluster.front;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.ChoiceAnswer;
import org.alcove.cluster.wire.ChoiceRequest;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerException;
import org.alcove.cluster.wire.Release;
import org.alcove.cluster.wire.WireException;

/** A controller of ours. */
final class OwnController implements ControllerDialect {

    private final URI address;
    private final PeerClient client;
    private final String process;
    private final String controller;

    /**
     * @param process random id of this process
     * @param controller random id of the controller's process, as it was greeted
     */
    OwnController(URI address, PeerClient client, String process, String controller) {
        this.address = address;
        this.client = client;
        this.process = process;
        this.controller = controller;
    }

    @Override
    public List<ListedWorker> workers() throws IOException {
        Fields fields = done(client.get(address, "/alcove/v1/workers?client=" + URLEncoder.encode(process,
                StandardCharsets.UTF_8)),
                "/alcove/v1/workers").fields();
        String now = fields.text("controller", controller);
        if (!now.equals(controller)) {
            throw new PeerException("the controller at " + address + " was restarted");
        }
        return ListedWorker.listOf(fields);
    }

    @Override
    public Chosen choose(Request request, Set<String> excluded, Optional<String> fingerprint, List<String> ended,
            String ticket) throws IOException {
        PeerClient.Answer answer = client.post(address, "/alcove/v1/choose",
                new ChoiceRequest(process, request, excluded, fingerprint, ended, Optional.of(ticket)).json());
        ChoiceAnswer chosen = ChoiceAnswer.of(done(answer, "/alcove/v1/choose").fields());
        return new Chosen(chosen.worker(), Optional.of(chosen.ticket()), chosen.reason());
    }

    @Override
    public boolean vouches() {
        return true;
    }

    @Override
    public void release(List<String> tickets) throws IOException {
        done(client.post(address, "/alcove/v1/release", new Release(process, tickets).json()), "/alcove/v1/release");
    }

    private PeerClient.Answer done(PeerClient.Answer answer, String path) throws PeerException {
        if (answer.fine()) {
            return answer;
        }
        Fields said = fields(answer).orElseThrow(() -> new PeerException("the controller at " + address + " answers " + path
                + " with HTTP status " + answer.status()));
        throw new RequestException(FailureCodec.of(said.object("failure")));
    }

    private static Optional<Fields> fields(PeerClient.Answer answer) {
        try {
            return Optional.of(answer.fields()).filter(fields -> fields.has("failure"));
        } catch (WireException e) {
            return Optional.empty();
        }
    }
}
