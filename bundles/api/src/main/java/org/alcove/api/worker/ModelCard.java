package org.alcove.api.worker;

import java.time.Instant;

/**
 * A loaded model, for people and clients.
 *
 * @param name by which requests ask for it
 * @param architecture for example {@code qwen2}
 * @param contextTokens most tokens of prompt and answer together
 * @param vocabulary number of token ids
 * @param formats quantization formats of its matrices, for example {@code sym_int4, f32}
 * @param template name of the conversation template in use, and why it was chosen
 * @param fingerprint weights, formats, type of the KV cache and version of the numerics
 * @param loaded when
 * @param sampling how its tokens are chosen where a request does not say it
 */
public record ModelCard(String name, String architecture, int contextTokens, int vocabulary, String formats, String template,
        String fingerprint, Instant loaded, SamplingDefaults sampling) {

    /** A model that recommends nothing about how its tokens are chosen. */
    public ModelCard(String name, String architecture, int contextTokens, int vocabulary, String formats, String template,
            String fingerprint, Instant loaded) {
        this(name, architecture, contextTokens, vocabulary, formats, template, fingerprint, loaded, SamplingDefaults.NONE);
    }
}
