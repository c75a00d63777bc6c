package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;

/**
 * Prepared activations: int8 codes with a scale and a sum for each group.
 *
 * @param memory as {@link PreparedLayout} describes
 * @param tokens number of tokens
 * @param layout where the parts lie
 */
public record Activations(MemorySegment memory, int tokens, PreparedLayout layout) {
}
