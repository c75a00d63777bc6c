/**
 * Packs and multiplies symmetric 4-bit weights.
 */
package org.alcove.kernel.symint4;
