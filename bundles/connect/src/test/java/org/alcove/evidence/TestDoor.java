package org.alcove.evidence;

import java.time.InstantSource;
import java.util.function.Function;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.SealedDoor;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;

/** The door of a process, for tests of other rooms, with quotes of their own. */
public final class TestDoor {

    private TestDoor() {
    }

    /** @param quotes makes evidence that holds 64 bytes of report data */
    public static SealedDoor of(Function<byte[], Evidence> quotes, byte[] tlsKey, InstantSource clock) {
        return new ProcessDoor(new QuoteSource() {
            @Override
            public EvidenceDocument.Form form() {
                return EvidenceDocument.Form.SHA512;
            }

            @Override
            public Evidence quote(byte[] reportData) {
                return quotes.apply(reportData);
            }
        }, tlsKey, () -> new byte[] {'{', '}'}, request -> Vigil.NONE, clock);
    }
}
