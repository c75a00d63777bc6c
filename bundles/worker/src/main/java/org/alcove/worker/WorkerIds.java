package org.alcove.worker;

import java.util.HashSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Ids of the workers of this process: told by their models, and no two alike, though two may serve models of one name. */
@Component(service = WorkerIds.class)
public final class WorkerIds {

    private final Set<String> taken = new HashSet<>();

    @Activate
    public WorkerIds() {
    }

    synchronized String take(String model) {
        String id = "local-" + model;
        for (int number = 2; !taken.add(id); number++) {
            id = "local-" + model + "-" + number;
        }
        return id;
    }

    synchronized void giveBack(String id) {
        taken.remove(id);
    }
}
