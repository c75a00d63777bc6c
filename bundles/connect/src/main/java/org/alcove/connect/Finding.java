package org.alcove.connect;

import java.util.Optional;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Verdict;
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

    static Finding refused(WorkerReport report, String problem) {
        return new Finding(report, Optional.empty(), Optional.empty(), problem);
    }
}
