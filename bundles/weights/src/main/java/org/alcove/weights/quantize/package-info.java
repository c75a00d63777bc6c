/**
 * Writes models in smaller formats, tensor by tensor; the target appears whole or not at all.
 */
package org.alcove.weights.quantize;
