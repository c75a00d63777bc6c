package org.alcove.api.control;

import java.util.List;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.annotation.versioning.ProviderType;

/** The door for front ends: brings requests to workers. */
@ProviderType
public interface Controller {

    /**
     * Chooses a worker and has it write an answer.
     *
     * @throws org.alcove.api.worker.RequestException if nobody serves it; the failure gives the true reason
     */
    Generation generate(GenerateRequest request);

    /** Models that some worker serves, by name, each once. */
    List<ModelCard> models();

    /** All workers it knows, the late and the gone included. */
    List<WorkerStatus> workers();

    /** Name of the policy in use and, where there is none of that name, what is wrong. */
    String policy();

    /** The last choices, newest first. */
    List<Dispatch> dispatches();
}
