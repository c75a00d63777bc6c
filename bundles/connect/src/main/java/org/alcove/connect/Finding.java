package org.alcove.connect;

import java.util.Optional;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Examination;
import org.alcove.attestation.Verdict;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.WorkerReport;

/**
 * What came of looking at one worker.
 *
 * @param report what it says of itself
 * @param document its evidence, where there is any that can be read
 * @param verdict what the verifier says of it, where it came to that
 * @param problem why it is refused; empty where it may be sent prompts
 */
public record Finding(WorkerReport report, Optional<EvidenceDocument> document, Optional<Verdict> verdict, String problem) {

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
        return new Finding(report, outcome.document(), outcome.verdict(), outcome.problem());
    }
}
