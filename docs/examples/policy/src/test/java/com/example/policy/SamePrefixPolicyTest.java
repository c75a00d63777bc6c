package com.example.policy;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.EmbedRequest;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.testkit.scheduling.PolicyContract;
import org.alcove.testkit.scheduling.SampleWorker;
import org.junit.jupiter.api.Test;

class SamePrefixPolicyTest extends PolicyContract {

    @Override
    protected SchedulingPolicy policy() {
        return new SamePrefixPolicy();
    }

    @Test
    void aWorkerThatLeavesTakesNoOtherWorkersRequestsWithIt() {
        List<WorkerStatus> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(SampleWorker.of("worker-" + i, 1, 0));
        }
        for (int i = 0; i < 100; i++) {
            Request request = new EmbedRequest("m", RequestContext.fresh().withPrefixHint("hint-" + i), List.of());
            WorkerStatus chosen = policy().choose(request, all, new Random(i)).worker();
            List<WorkerStatus> fewer = new ArrayList<>(all);
            fewer.removeIf(worker -> worker != chosen && worker.id().equals("worker-3"));
            assertSame(chosen, policy().choose(request, fewer, new Random(-i)).worker());
        }
    }
}
