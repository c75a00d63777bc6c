package org.alcove.simulation;

import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;

/** Asks a real policy, as {@code core} does. */
final class PolicyChooser implements Chooser {

    private final String name;
    private final SchedulingPolicy policy;
    /** The same numbers on every machine, as its class promises. */
    private final Random random;

    PolicyChooser(String name, SchedulingPolicy policy, long seed) {
        this.name = name;
        this.policy = policy;
        this.random = new Random(seed);
    }

    @Override
    public int choose(Job job, Cluster cluster) {
        return choose(request(job.number), cluster.statuses());
    }

    int choose(GenerateRequest request, List<WorkerStatus> candidates) {
        Choice choice = policy.choose(request, candidates, random);
        if (choice != null && choice.worker() instanceof SimulatedStatus chosen && candidates.get(chosen.index()) == chosen) {
            return chosen.index();
        }
        throw new IllegalStateException("the scheduling policy " + name + " chose "
                + (choice == null ? "nothing" : "a worker that is none of the " + candidates.size() + " candidates")
                + "; replace its bundle, or leave it out with --policies");
    }

    static GenerateRequest request(int number) {
        return request(number, SimulatedStatus.MODEL);
    }

    static GenerateRequest request(int number, String model) {
        return new GenerateRequest(model, RequestContext.named("request-" + number), new GenerateRequest.Text(""),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
    }
}
