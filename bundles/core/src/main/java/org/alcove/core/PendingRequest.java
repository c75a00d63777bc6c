package org.alcove.core;

import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;

/** A request that the guards let in, with its account: that ends when a worker's answer does, or when nobody waits for one. */
final class PendingRequest implements Controller.Pending {

    private final RelayedGeneration.House house;
    private final GenerateRequest request;
    private final RequestAccount account;
    private final Vigil vigil;
    private boolean taken;

    PendingRequest(RelayedGeneration.House house, GenerateRequest request, RequestAccount account, Vigil vigil) {
        this.house = house;
        this.request = request;
        this.account = account;
        this.vigil = vigil;
    }

    @Override
    public Generation generate() {
        Journey journey = new Journey(request);
        try {
            Assignment assignment = house.dispatcher().assign(journey, Errand.fresh(request), account);
            taken = true;
            return new RelayedGeneration(house, journey, account, assignment, vigil);
        } catch (RequestException e) {
            if (!(e.failure() instanceof Failure.Overloaded)) {
                refused(e.failure());
            }
            throw e;
        }
    }

    /** It ends with this. */
    void refused(Failure failure) {
        account.end(new Outcome.Broken(failure));
    }

    @Override
    public void close() {
        if (!taken) {
            account.end(new Outcome.Cancelled());
        }
    }
}
