/**
 * Shows the state and the figures of the running platform to monitoring systems: {@code /healthz} says that the process lives,
 * {@code /readyz} whether it can answer requests, {@code /metrics} how many and how fast.
 */
package org.alcove.metrics;
