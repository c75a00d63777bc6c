package org.alcove.engine.forward;

import java.lang.foreign.MemorySegment;
import org.alcove.engine.numeric.Arithmetic;

/** Takes the logits of a step, some outputs at a time. Runs on the engine's thread. */
@FunctionalInterface
public interface LogitsReader {

    /**
     * Takes logits.
     *
     * @param firstOutput index among the plan's outputs of the first row
     * @param rows how many there are
     * @param logits {@code [rows][vocabulary]} float32, valid until this returns; may be changed
     * @param arithmetic what the step computes with, usable until this returns
     */
    void read(int firstOutput, int rows, MemorySegment logits, Arithmetic arithmetic);
}
