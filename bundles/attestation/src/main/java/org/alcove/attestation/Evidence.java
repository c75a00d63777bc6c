package org.alcove.attestation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine sends to show where it runs: a quote, and the log of what was measured since its start.
 *
 * <p>Mock evidence is for development on machines without TDX. It is no quote with other keys but another format: it begins with
 * the line {@value #MOCK_HEADER}, where a quote has its version, holds a JSON object of {@linkplain Measurement fields} in hex,
 * and is signed by nobody.
 *
 * @param quote a TD quote as the processor gave it, or mock evidence
 * @param eventLog the TCG2 log (CCEL) behind the run-time measurements, if there is one
 * @param claims what the process says of itself, if it came along
 */
public record Evidence(byte[] quote, Optional<byte[]> eventLog, Optional<Claims> claims) {
    /** The first line of mock evidence. */
    public static final String MOCK_HEADER = "ALCOVE-MOCK-EVIDENCE/1";

    /**
     * What a process says of itself. Only a quote with this report data vouches for it.
     *
     * @param json an object
     * @param reportData 64 bytes, made from the object and what else the quote binds
     */
    public record Claims(byte[] json, byte[] reportData) {
        /** Copies the bytes. */
        public Claims {
            json = json.clone();
            reportData = reportData.clone();
        }
    }

    /** Copies the bytes. */
    public Evidence {
        quote = quote.clone();
        eventLog = eventLog.map(byte[]::clone);
    }

    /** Evidence without claims. */
    public Evidence(byte[] quote, Optional<byte[]> eventLog) {
        this(quote, eventLog, Optional.empty());
    }

    /**
     * Makes evidence that proves nothing.
     *
     * @param fields the fields to pretend; what is left out is zero
     * @return mock evidence, refused unless a policy allows it
     */
    public static Evidence mock(Map<Measurement, byte[]> fields) {
        StringBuilder text = new StringBuilder(MOCK_HEADER).append("\n{");
        for (Measurement measurement : Measurement.values()) {
            byte[] value = fields.get(measurement);
            if (value == null) {
                continue;
            }
            if (value.length != measurement.bytes()) {
                throw new IllegalArgumentException(measurement.key() + " has " + value.length + " bytes, expected "
                        + measurement.bytes());
            }
            text.append(text.charAt(text.length() - 1) == '{' ? "" : ",").append('"').append(measurement.key()).append("\":\"")
                    .append(HexFormat.of().formatHex(value)).append('"');
        }
        return new Evidence(text.append("}\n").toString().getBytes(StandardCharsets.US_ASCII), Optional.empty());
    }

    /**
     * Tells mock evidence from real.
     *
     * @return whether this is mock evidence
     */
    public boolean mock() {
        byte[] header = (MOCK_HEADER + "\n").getBytes(StandardCharsets.US_ASCII);
        return quote.length >= header.length && Arrays.equals(quote, 0, header.length, header, 0, header.length);
    }
}
