package org.alcove.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.alcove.api.control.Dispatch;

/** The last choices. */
final class DispatchHistory {

    /** Newest first. */
    private final Deque<Dispatch> dispatches = new ArrayDeque<>();

    synchronized void add(Dispatch dispatch, int most) {
        dispatches.addFirst(dispatch);
        while (dispatches.size() > most) {
            dispatches.removeLast();
        }
    }

    synchronized List<Dispatch> newestFirst() {
        return List.copyOf(dispatches);
    }
}
