package org.alcove.core.guard;

import java.util.concurrent.atomic.LongAdder;
import org.alcove.api.guard.Guards;

/** What the guards of one name have done. */
record Tally(LongAdder requests, LongAdder refused, LongAdder ended, LongAdder failed) {

    Tally() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }

    Guards.Figures figures(String guard) {
        return new Guards.Figures(guard, requests.sum(), refused.sum(), ended.sum(), failed.sum());
    }
}
