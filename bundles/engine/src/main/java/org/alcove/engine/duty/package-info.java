/**
 * The duty cycle of an engine: which tokens a step computes, how the next ones are chosen, and what happens to sequences.
 */
package org.alcove.engine.duty;
