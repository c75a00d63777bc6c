package org.alcove.evidence;

import java.io.IOException;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;

/** Where quotes come from. Slow, and asked by one thread at a time. */
interface QuoteSource {

    /** How the bound fields become what {@link #quote} takes. */
    EvidenceDocument.Form form();

    /**
     * Has this machine say where it runs.
     *
     * @param reportData 64 bytes that the quote shall hold
     * @throws IOException if there is no quote to be had; says why and what to do
     */
    Evidence quote(byte[] reportData) throws IOException;
}
