/**
 * Knows the installed kernels, chooses the best one for each layout and holds it while it computes.
 */
package org.alcove.weights.kernels;
