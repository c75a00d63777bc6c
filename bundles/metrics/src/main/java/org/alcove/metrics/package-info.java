/**
 * Shows the state and the figures of the running platform to monitoring systems.
 */
package org.alcove.metrics;
