package org.alcove.attestation.tdx;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.alcove.attestation.AttestationException;

/**
 * What the platform's certificate says of the platform: extension 1.2.840.113741.1.13.1, a sequence of (OID, value). Below that
 * OID: 2 the TCB (2.1 to 2.16 component versions, 2.17 PCESVN), 3 PCEID, 4 FMSPC; the rest is not needed.
 *
 * @param components 16 security versions, 0 to 255
 * @param pceSvn 0 to 65535
 * @param pceId 2 bytes, lower-case hex
 * @param fmspc 6 bytes, lower-case hex: which kind of platform
 */
record PckIdentity(int[] components, int pceSvn, String pceId, String fmspc) {
    static final int COMPONENTS = 16;
    private static final String EXTENSION = "1.2.840.113741.1.13.1";
    /** The OID's content in DER. */
    private static final String PREFIX = "2a864886f84d010d01";
    private static final int TCB = 2;
    private static final int PCE_ID = 3;
    private static final int FMSPC = 4;
    private static final int PCE_SVN = 17;

    static PckIdentity parse(X509Certificate certificate) throws AttestationException {
        byte[] wrapped = certificate.getExtensionValue(EXTENSION);
        if (wrapped == null) {
            throw new AttestationException("the PCK certificate has no SGX extension " + EXTENSION);
        }
        return parse(wrapped);
    }

    /** Reads the extension's value as the JDK gives it: wrapped in an OCTET STRING. */
    static PckIdentity parse(byte[] wrapped) throws AttestationException {
        Der outer = new Der(new Der(wrapped).content(Der.OCTET_STRING));
        Der entries = outer.enter(Der.SEQUENCE);
        outer.finished();
        int[] versions = null;
        byte[] pceId = null;
        byte[] fmspc = null;
        Set<Integer> seen = new HashSet<>();
        while (entries.more()) {
            Der entry = entries.enter(Der.SEQUENCE);
            int number = number(entry.content(Der.OID), PREFIX, seen);
            switch (number) {
                case TCB -> versions = versions(entry.enter(Der.SEQUENCE));
                case PCE_ID -> pceId = entry.content(Der.OCTET_STRING);
                case FMSPC -> fmspc = entry.content(Der.OCTET_STRING);
                default -> entry.element();
            }
            entry.finished();
        }
        if (versions == null || pceId == null || pceId.length != 2 || fmspc == null || fmspc.length != 6) {
            throw new AttestationException("the SGX extension of the PCK certificate lacks TCB, PCEID of 2 or FMSPC of 6 bytes");
        }
        return new PckIdentity(Arrays.copyOf(versions, COMPONENTS), versions[COMPONENTS],
                HexFormat.of().formatHex(pceId), HexFormat.of().formatHex(fmspc));
    }

    /** Sixteen component versions, then PCESVN. */
    private static int[] versions(Der entries) throws AttestationException {
        int[] versions = new int[PCE_SVN];
        Set<Integer> seen = new HashSet<>();
        while (entries.more()) {
            Der entry = entries.enter(Der.SEQUENCE);
            int number = number(entry.content(Der.OID), PREFIX + "02", seen);
            if (number >= 1 && number <= PCE_SVN) {
                versions[number - 1] = entry.integer(number == PCE_SVN ? 0xffff : 0xff);
            } else {
                entry.element();
            }
            entry.finished();
        }
        for (int i = 1; i <= PCE_SVN; i++) {
            if (!seen.contains(i)) {
                throw new AttestationException("the SGX extension of the PCK certificate lacks TCB entry " + i + " of "
                        + PCE_SVN);
            }
        }
        return versions;
    }

    private static int number(byte[] oid, String prefix, Set<Integer> seen) throws AttestationException {
        String hex = HexFormat.of().formatHex(oid);
        if (!hex.startsWith(prefix) || hex.length() != prefix.length() + 2) {
            throw new AttestationException("the SGX extension of the PCK certificate holds the OID " + hex + ", expected "
                    + prefix
                    + " and one byte");
        }
        int number = oid[oid.length - 1] & 0xff;
        if (!seen.add(number)) {
            throw new AttestationException("the SGX extension of the PCK certificate names entry " + number + " twice");
        }
        return number;
    }

    String found() {
        return "FMSPC " + fmspc + ", PCEID " + pceId + ", PCESVN " + pceSvn + ", components "
                + Arrays.toString(components);
    }
}
