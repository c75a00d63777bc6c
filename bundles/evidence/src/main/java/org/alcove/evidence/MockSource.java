package org.alcove.evidence;

import java.util.Map;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.Measurement;

/** Evidence that proves nothing, in a format of its own that no verifier takes for a quote. For development only. */
final class MockSource implements QuoteSource {

    @Override
    public EvidenceDocument.Form form() {
        return EvidenceDocument.Form.SHA512;
    }

    @Override
    public Evidence quote(byte[] reportData) {
        return Evidence.mock(Map.of(Measurement.REPORT_DATA, reportData));
    }
}
