package org.alcove.worker;

import java.util.LinkedHashSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/**
 * Has models rehearse, once the process answers requests: the launcher says so by a condition. Before, they would delay what
 * people wait for.
 */
@Component(service = Rehearsals.class)
public final class Rehearsals {

    private final Set<ModelLoad> due = new LinkedHashSet<>();
    private boolean answering;

    @Activate
    public Rehearsals() {
    }

    @Reference(target = "(" + Condition.CONDITION_ID + "=alcove.answering)", cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC, unbind = "end")
    synchronized void begin(Condition condition) {
        answering = true;
        due.forEach(Rehearsals::start);
        due.clear();
    }

    synchronized void end(Condition condition) {
        answering = false;
    }

    /** A model that is loaded is to rehearse, now or later. */
    synchronized void add(ModelLoad load) {
        if (answering) {
            start(load);
        } else {
            due.add(load);
        }
    }

    /** A model that is no longer wanted is not to. */
    synchronized void remove(ModelLoad load) {
        due.remove(load);
    }

    private static void start(ModelLoad load) {
        Thread.ofPlatform().daemon().name("alcove-rehearsal").start(load::rehearse);
    }
}
