package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A worker in a controller's list: {@code /alcove/v1/workers}.
 *
 * @param address of its process
 * @param protocol what it speaks
 * @param report how it stands; its id is the one for the whole cluster
 * @param evidence what is thought of its evidence: good, mock, refused or awaited; empty where none is demanded
 */
public record ListedWorker(String address, Protocol protocol, WorkerReport report, String evidence) {

    /** One whose evidence nobody asks for. */
    public ListedWorker(String address, Protocol protocol, WorkerReport report) {
        this(address, protocol, report, "");
    }

    /** The same, standing otherwise. */
    public ListedWorker with(WorkerReport other) {
        return new ListedWorker(address, protocol, other, evidence);
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = report.json().put("address", address).put("protocol", protocol.word());
        if (!evidence.isEmpty()) {
            json.put("evidence", evidence).put("mock", evidence.equals("mock"));
        }
        return json;
    }

    /** Reads one. */
    public static ListedWorker of(Fields fields) {
        return new ListedWorker(fields.text("address"), Protocol.read(fields, "protocol"), WorkerReport.of(fields),
                fields.text("evidence", ""));
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
