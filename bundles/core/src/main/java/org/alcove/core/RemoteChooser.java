package org.alcove.core;

import java.util.Optional;
import org.alcove.api.control.WorkerChooser;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Who chooses in another process, where that is so. Comes and goes; a request asks whoever is there when it begins to choose. */
@Component(service = RemoteChooser.class)
public final class RemoteChooser {

    @Reference(target = "(" + WorkerChooser.PLACE + "=" + WorkerChooser.REMOTE + ")",
            cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile WorkerChooser chooser;

    @Activate
    public RemoteChooser() {
        this(null);
    }

    RemoteChooser(WorkerChooser chooser) {
        this.chooser = chooser;
    }

    void set(WorkerChooser next) {
        chooser = next;
    }

    Optional<WorkerChooser> present() {
        return Optional.ofNullable(chooser);
    }
}
