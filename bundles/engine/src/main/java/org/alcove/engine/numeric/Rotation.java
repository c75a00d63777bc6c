package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;

/**
 * How heads are rotated: {@code docs/numerics.md} section 6.
 *
 * @param table for each token of a step a row of {@code pairs} cosines, then as many sines
 * @param pairs of columns that are rotated; columns beyond them stay
 * @param halves whether column {@code i} and {@code i + pairs} are a pair, not neighbours
 */
public record Rotation(MemorySegment table, int pairs, boolean halves) {
}
