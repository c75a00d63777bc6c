package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A worker in a controller's list: {@code /alcove/v1/workers}.
 *
 * @param address of its process
 * @param protocol what it speaks
 * @param report how it stands; its id is the one for the whole cluster
 * @param evidence what is thought of its evidence: good, mock, refused or awaited; empty where none is demanded
 * @param hostAddress the machine that was looked at when the worker registered, as an address in digits; empty where the address
 *        has no name, or nobody looked
 * @param tlsKey the TLS key that its evidence holds ({@link PeerRoute#tlsKey}); empty where none is demanded or it speaks no TLS
 */
public record ListedWorker(String address, Protocol protocol, WorkerReport report, String evidence, String hostAddress,
        String tlsKey) {

    /** One whose evidence nobody asks for. */
    public ListedWorker(String address, Protocol protocol, WorkerReport report) {
        this(address, protocol, report, "", "", "");
    }

    /** One of the controller's own. */
    public static ListedWorker along(PeerRoute route, Protocol protocol, WorkerReport report, String evidence) {
        return new ListedWorker(route.address().toString(), protocol, report, evidence,
                route.at().map(InetAddress::getHostAddress).orElse(""), route.tlsKey().orElse(""));
    }

    /** The same, standing otherwise. */
    public ListedWorker with(WorkerReport other) {
        return new ListedWorker(address, protocol, other, evidence, hostAddress, tlsKey);
    }

    /** The same, to be reached, and thought of, as another one of its process. */
    public ListedWorker like(ListedWorker sibling) {
        return new ListedWorker(address, protocol, report, sibling.evidence, sibling.hostAddress, sibling.tlsKey);
    }

    /** Whether its evidence is not good, or not yet. */
    public boolean barred() {
        return evidence.equals("refused") || evidence.equals("awaited");
    }

    /** The way to it; nothing where its address is none. */
    public Optional<PeerRoute> route() {
        return PeerAddress.parse(address).map(uri -> new PeerRoute(uri,
                Optional.of(hostAddress).filter(text -> !text.isEmpty()).map(InetAddress::ofLiteral),
                Optional.of(tlsKey).filter(text -> !text.isEmpty())));
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = report.json().put("address", address).put("protocol", protocol.word());
        if (!evidence.isEmpty()) {
            json.put("evidence", evidence).put("mock", evidence.equals("mock"));
        }
        if (!hostAddress.isEmpty()) {
            json.put("host_address", hostAddress);
        }
        if (!tlsKey.isEmpty()) {
            json.put("tls_key_sha256", tlsKey);
        }
        return json;
    }

    /** Reads one. */
    public static ListedWorker of(Fields fields) {
        String machine = fields.text("host_address", "");
        try {
            Optional.of(machine).filter(text -> !text.isEmpty()).ifPresent(InetAddress::ofLiteral);
        } catch (IllegalArgumentException e) {
            throw fields.wrong("host_address", "must be an address in digits");
        }
        return new ListedWorker(fields.text("address"), Protocol.read(fields, "protocol"), WorkerReport.of(fields),
                fields.text("evidence", ""), machine, fields.text("tls_key_sha256", ""));
    }

    /**
     * The whole list as a message.
     *
     * @param controller random id of the controller's process, by which an API process sees that it was restarted
     */
    public static ObjectNode list(String controller, List<ListedWorker> workers) {
        ObjectNode json = Json.object().put("controller", controller);
        json.set("workers", Json.list(workers.stream().map(ListedWorker::json).toList()));
        return json;
    }

    /** Reads a whole list. */
    public static List<ListedWorker> listOf(Fields fields) {
        return fields.objects("workers", Protocol.MAX_ELEMENTS).stream().map(ListedWorker::of).toList();
    }
}
