package org.alcove.api.worker;

/**
 * Where an answer stands, so that another worker of equal fingerprint can go on with the same text. Opaque to everyone
 * but workers: token ids so far, the position of the sampler, and text held back.
 *
 * @param fingerprint weights, formats, type of the KV cache and version of the numerics; must be equal to go on
 * @param state the worker's own encoding
 */
public record ResumeState(String fingerprint, byte[] state) {
}
