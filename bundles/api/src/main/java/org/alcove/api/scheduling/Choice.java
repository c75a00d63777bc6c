package org.alcove.api.scheduling;

import org.alcove.api.worker.WorkerStatus;

/**
 * A policy's decision.
 *
 * @param worker one of the candidates, the very object
 * @param reason why, for people, with the figures that decided; no prompt text
 */
public record Choice(WorkerStatus worker, String reason) {
}
