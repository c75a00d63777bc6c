package org.alcove.engine.duty;

import java.lang.foreign.Arena;
import org.alcove.engine.forward.ForwardPass;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.Model;
import org.alcove.engine.forward.Placement;
import org.alcove.engine.forward.Team;

/**
 * What an engine is made of. Closed by the engine's thread as its last deed.
 *
 * @param vectors arena of the model's vectors
 * @param contextTokens most tokens of a sequence: no more than the cache has room for
 * @param threadName name of the engine's thread
 * @param placement where that thread computes, too
 */
record EngineParts(Model model, Arena vectors, Team team, KvCache cache, ForwardPass forward, Readout readout, Outage outage,
        StepBudget budget, int contextTokens, String fingerprint, String threadName,
        Placement placement) implements AutoCloseable {

    @Override
    public void close() {
        team.close();
        readout.close();
        forward.close();
        cache.close();
        vectors.close();
    }
}
