package org.alcove.attestation;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.alcove.attestation.tdx.EventLog;

/** What running software has extended to RTMR3, as entries of a TCG2 log. */
public final class RuntimeEvents {

    private RuntimeEvents() {
    }

    /**
     * Puts events behind those that a machine's own log holds. The kernel that extends a register keeps no log of it.
     *
     * @param log the table of the machine
     * @param events in the order in which they were extended, {@code DOMAIN OPERATION CONTENT} each
     * @return the whole log
     * @throws AttestationException if the table is none
     */
    public static byte[] behind(byte[] log, List<String> events) throws AttestationException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(log, 0, EventLog.replay(log).end());
        events.forEach(event -> whole.writeBytes(EventLog.entry(event)));
        return whole.toByteArray();
    }
}
