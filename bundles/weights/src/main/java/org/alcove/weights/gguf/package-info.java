/**
 * Reads the headers of GGUF files, trusting nothing in them.
 */
package org.alcove.weights.gguf;
