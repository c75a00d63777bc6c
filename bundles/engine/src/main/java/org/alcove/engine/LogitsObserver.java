package org.alcove.engine;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;

/** Looks at what a model says about the tokens of a prompt, for who measures it. */
@ConsumerType
@FunctionalInterface
public interface LogitsObserver {

    /**
     * Takes the logits after one token. Called on the engine's threads, for several positions at the same time, and again for a
     * position whose sequence had to give way to others: copy what is needed, and be quick.
     *
     * @param position of the token in the prompt; the logits are those of the token at {@code position + 1}
     * @param logits {@code [vocabulary]} float32, valid until this returns; not to be changed
     */
    void observe(int position, MemorySegment logits);
}
