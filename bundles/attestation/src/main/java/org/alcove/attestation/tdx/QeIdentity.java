package org.alcove.attestation.tdx;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.json.StrictJson;

/**
 * Which quoting enclave Intel stands for, id TD_QE, version 2.
 *
 * @param dates when it is in force
 * @param evaluation {@code tcbEvaluationDataNumber}
 * @param misc MISCSELECT wanted under the mask
 * @param miscMask 4 bytes
 * @param attributes ATTRIBUTES wanted under the mask
 * @param attributesMask 16 bytes
 * @param signer MRSIGNER
 * @param product ISVPRODID
 * @param levels best first
 */
record QeIdentity(TcbInfo.Dates dates, int evaluation, byte[] misc, byte[] miscMask, byte[] attributes, byte[] attributesMask,
        byte[] signer, int product, List<TcbInfo.SvnLevel> levels) {
    private static final int VERSION = 2;
    private static final int WORD = 0xffff;

    static QeIdentity parse(byte[] json) throws AttestationException {
        StrictJson identity = StrictJson.parse(json, "enclaveIdentity");
        String id = identity.text("id");
        int version = identity.number("version", WORD);
        if (!id.equals("TD_QE") || version != VERSION) {
            throw new AttestationException("enclaveIdentity has id " + id + " and version " + version
                    + ", expected TD_QE and 2; fetch the identity of the TD quoting enclave");
        }
        return new QeIdentity(TcbInfo.Dates.parse(identity), identity.number("tcbEvaluationDataNumber", Integer.MAX_VALUE),
                identity.hex("miscselect", 4), identity.hex("miscselectMask", 4), identity.hex("attributes", 16),
                identity.hex("attributesMask", 16), identity.hex("mrsigner", 32), identity.number("isvprodid", WORD),
                TcbInfo.SvnLevel.parse(identity));
    }

    boolean matches(QeReport report) {
        return masked(report.misc(), miscMask, misc) && masked(report.attributes(), attributesMask, attributes)
                && Arrays.equals(report.signer(), signer) && report.product() == product;
    }

    /** Whether the bits that the mask names are those wanted. */
    static boolean masked(byte[] found, byte[] mask, byte[] wanted) {
        for (int i = 0; i < found.length; i++) {
            if ((found[i] & mask[i]) != (wanted[i] & mask[i])) {
                return false;
            }
        }
        return true;
    }

    String wanted() {
        return "MRSIGNER " + HexFormat.of().formatHex(signer) + ", product " + product + ", MISCSELECT "
                + HexFormat.of().formatHex(misc) + ", ATTRIBUTES " + HexFormat.of().formatHex(attributes) + " under their masks";
    }

    static String found(QeReport report) {
        return "MRSIGNER " + HexFormat.of().formatHex(report.signer()) + ", product " + report.product() + ", MISCSELECT "
                + HexFormat.of().formatHex(report.misc()) + ", ATTRIBUTES " + HexFormat.of().formatHex(report.attributes());
    }
}
