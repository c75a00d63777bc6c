package org.alcove.attestation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Intel says about platforms of one kind, as its provisioning certification service answers it. Nothing here is trusted
 * before it is verified; nothing is fetched.
 *
 * @param tcbInfo JSON {@code {"tcbInfo":{…},"signature":"…"}}, id TDX, version 3
 * @param tcbInfoChain PEM: the certificate that signed the TCB info, then the root
 * @param qeIdentity JSON {@code {"enclaveIdentity":{…},"signature":"…"}}, id TD_QE
 * @param qeIdentityChain PEM: the certificate that signed the QE identity, then the root
 * @param rootCrl what the root revoked, DER or PEM
 * @param pckCrl what the issuer of the platform's certificate revoked, DER or PEM
 */
public record Collateral(byte[] tcbInfo, byte[] tcbInfoChain, byte[] qeIdentity, byte[] qeIdentityChain, byte[] rootCrl,
        byte[] pckCrl) {
    /** None: enough for mock evidence, and for nothing else. */
    public static final Collateral NONE = new Collateral(new byte[0], new byte[0], new byte[0], new byte[0], new byte[0],
            new byte[0]);
    /** No real file comes near it: the longest known is 7 KB. */
    private static final int LARGEST = 4 << 20;

    /** Copies the bytes. */
    public Collateral {
        tcbInfo = tcbInfo.clone();
        tcbInfoChain = tcbInfoChain.clone();
        qeIdentity = qeIdentity.clone();
        qeIdentityChain = qeIdentityChain.clone();
        rootCrl = rootCrl.clone();
        pckCrl = pckCrl.clone();
    }

    /**
     * Reads a folder with the files {@code tcb_info.json}, {@code tcb_info_issuer_chain.pem}, {@code qe_identity.json},
     * {@code qe_identity_issuer_chain.pem}, {@code root_ca_crl} and {@code pck_crl}.
     *
     * @param folder the folder
     * @return the six files, not yet verified
     * @throws IOException if a file cannot be read
     * @throws AttestationException if a file is larger than any collateral
     */
    public static Collateral read(Path folder) throws IOException, AttestationException {
        return new Collateral(bytes(folder, "tcb_info.json"), bytes(folder, "tcb_info_issuer_chain.pem"),
                bytes(folder, "qe_identity.json"), bytes(folder, "qe_identity_issuer_chain.pem"), bytes(folder, "root_ca_crl"),
                bytes(folder, "pck_crl"));
    }

    private static byte[] bytes(Path folder, String name) throws IOException, AttestationException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new AttestationException(file + " is missing; the folder must hold the six files of one platform's collateral");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new AttestationException(file + " is larger than " + LARGEST + " bytes; it is no collateral");
            }
            return bytes;
        }
    }
}
