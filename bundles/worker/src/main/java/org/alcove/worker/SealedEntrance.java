package org.alcove.worker;

import java.util.Optional;
import org.alcove.api.worker.SealedDoor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Who opens sealed requests in this process; comes and goes while models are served. */
@Component(service = SealedEntrance.class)
public final class SealedEntrance {

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile SealedDoor door;

    @Activate
    public SealedEntrance() {
        // The door comes by itself.
    }

    SealedEntrance(SealedDoor door) {
        this.door = door;
    }

    Optional<SealedDoor> door() {
        return Optional.ofNullable(door);
    }
}
