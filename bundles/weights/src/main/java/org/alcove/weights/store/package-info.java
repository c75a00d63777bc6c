/**
 * Maps checkpoints and hands out their matrices and vectors.
 */
package org.alcove.weights.store;
