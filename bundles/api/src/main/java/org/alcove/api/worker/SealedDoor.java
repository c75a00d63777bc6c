package org.alcove.api.worker;

import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Shows where this process runs, and opens what clients have sealed to it ({@link RequestContext#sealedBody()}). A service that
 * workers ask; where there is none, sealed requests are refused.
 */
@ProviderType
public interface SealedDoor {

    /**
     * Evidence of where this process runs, and of the key to seal to.
     *
     * @param nonce 32 bytes that the asker chose
     * @return a JSON document, as {@code docs/attestation.md} describes it
     * @throws RequestException if there is no evidence to be had; the failure says why
     */
    byte[] evidence(byte[] nonce);

    /**
     * Opens a sealed request and has it answered. Of the answer, each event is told in the text of a
     * {@link GenerationEvent.Delta}, sealed to whoever sealed the request; the events around these tell names and counts only.
     *
     * @param sealed a request with a sealed body
     * @param worker answers the request that was opened
     * @throws RequestException if it cannot be opened, or the worker refuses it
     */
    Generation generate(GenerateRequest sealed, Function<GenerateRequest, Generation> worker);
}
