package org.alcove.connect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Examination;
import org.alcove.attestation.Verdict;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.WorkerReport;

/**
 * What came of looking at one worker.
 *
 * @param model what it says that it serves
 * @param status how it says that it stands
 * @param document its evidence, where there is any that can be read
 * @param verdict what the verifier says of it, where it came to that
 * @param problem why it is refused; empty where it may be sent prompts
 */
public record Finding(ModelCard model, WorkerStatus status, Optional<EvidenceDocument> document, Optional<Verdict> verdict,
        String problem) {

    /** What it says of itself, which proves nothing. It shows no sign of life of its own: it is asked. */
    private record Told(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load, Computing computing) implements WorkerStatus {
    }

    /** Whether prompts may be sealed to it. */
    public boolean good() {
        return problem.isEmpty() && verdict.isPresent() && verdict.get().good();
    }

    /** Whether the verdict rests on nothing but a policy that allows mock evidence. */
    public boolean mock() {
        return verdict.isPresent() && verdict.get() instanceof Verdict.Mock;
    }

    /** What a server tells of one worker, judged. */
    static Finding of(Fields told, Examination examination) {
        WorkerReport report = WorkerReport.of(told.object("report"));
        Examination.Outcome outcome = told.has("evidence") ? examination.judge(told.bytes("evidence"))
                : Examination.Outcome.refused(told.text("problem", "it sends no evidence"));
        WorkerStatus status = new Told(report.id(), List.of(report.model().name()), report.speed(), report.queueLength(), false,
                examination.at(), report.state(), report.reason(), report.load(), report.computing());
        return new Finding(report.model(), status, outcome.document(), outcome.verdict(), outcome.problem());
    }
}
