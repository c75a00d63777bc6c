package org.alcove.attestation.tdx;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Measurement;

/**
 * The body of a TD quote: what the TDX module says of the machine. Sizes in bytes, in this order:
 *
 * <pre>
 * TEE_TCB_SVN 16     MRSEAM 48           MRSIGNERSEAM 48  SEAMATTRIBUTES 8   TDATTRIBUTES 8  XFAM 8
 * MRTD 48            MRCONFIGID 48       MROWNER 48       MROWNERCONFIG 48   RTMR0 to RTMR3 4 x 48
 * REPORTDATA 64      since 1.5: TEE_TCB_SVN_2 16, MRSERVICETD 48
 * </pre>
 *
 * @param launchSvn security versions when the machine was launched, 16 bytes
 * @param currentSvn the same now, or null in a report 1.0
 * @param signerSeam MRSIGNERSEAM, 48 bytes
 * @param seamAttributes 8 bytes
 * @param fields what policies speak about, by field, in the size the field has
 */
record TdReport(byte[] launchSvn, byte[] currentSvn, byte[] signerSeam, byte[] seamAttributes, Map<Measurement, byte[]> fields) {
    /** Size of a report 1.0. */
    static final int SIZE_10 = 584;
    /** Size of a report 1.5. */
    static final int SIZE_15 = 648;
    private static final int HASH = 48;
    private static final int SVN = 16;
    private static final int FLAGS = 8;
    private static final Measurement[] HASHES = {Measurement.MR_TD, Measurement.MR_CONFIG_ID, Measurement.MR_OWNER,
        Measurement.MR_OWNER_CONFIG, Measurement.RTMR_0, Measurement.RTMR_1, Measurement.RTMR_2, Measurement.RTMR_3};

    static TdReport parse(ByteCursor body) throws AttestationException {
        boolean later = body.left() == SIZE_15;
        Map<Measurement, byte[]> fields = new EnumMap<>(Measurement.class);
        byte[] launchSvn = body.take(SVN, "TEE_TCB_SVN");
        fields.put(Measurement.MR_SEAM, body.take(HASH, "MRSEAM"));
        byte[] signerSeam = body.take(HASH, "MRSIGNERSEAM");
        byte[] seamAttributes = body.take(FLAGS, "SEAMATTRIBUTES");
        fields.put(Measurement.TD_ATTRIBUTES, body.take(FLAGS, "TDATTRIBUTES"));
        fields.put(Measurement.XFAM, body.take(FLAGS, "XFAM"));
        for (Measurement hash : HASHES) {
            fields.put(hash, body.take(HASH, hash.key()));
        }
        fields.put(Measurement.REPORT_DATA, body.take(Measurement.REPORT_DATA.bytes(), "REPORTDATA"));
        byte[] currentSvn = later ? body.take(SVN, "TEE_TCB_SVN_2") : null;
        fields.put(Measurement.MR_SERVICE_TD, later ? body.take(HASH, "MRSERVICETD") : new byte[HASH]);
        body.finished();
        return new TdReport(launchSvn, currentSvn, signerSeam, seamAttributes, fields);
    }

    /** TDATTRIBUTES as a number, bit 0 being the lowest bit of the first byte. */
    long attributes() {
        byte[] bytes = fields.get(Measurement.TD_ATTRIBUTES);
        long attributes = 0;
        for (int i = FLAGS - 1; i >= 0; i--) {
            attributes = attributes << 8 | bytes[i] & 0xff;
        }
        return attributes;
    }

    Map<Measurement, String> hex() {
        Map<Measurement, String> hex = new EnumMap<>(Measurement.class);
        fields.forEach((field, value) -> hex.put(field, HexFormat.of().formatHex(value)));
        return hex;
    }
}
