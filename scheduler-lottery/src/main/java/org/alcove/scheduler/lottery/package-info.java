/**
 * Chooses a worker at random, weighted by measured speed.
 */
package org.alcove.scheduler.lottery;
