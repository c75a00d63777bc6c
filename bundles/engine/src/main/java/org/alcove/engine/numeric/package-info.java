/**
 * Float arithmetic of the forward pass with specified bits: plainly, and by the Java Vector API.
 */
package org.alcove.engine.numeric;
