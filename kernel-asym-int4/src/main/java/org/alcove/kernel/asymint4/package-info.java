/**
 * Packs and multiplies asymmetric 4-bit weights.
 */
package org.alcove.kernel.asymint4;
