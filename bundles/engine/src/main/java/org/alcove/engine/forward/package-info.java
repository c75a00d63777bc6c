/**
 * Computes a batch of tokens of several sequences: architectures, the KV cache and the forward pass.
 */
package org.alcove.engine.forward;
