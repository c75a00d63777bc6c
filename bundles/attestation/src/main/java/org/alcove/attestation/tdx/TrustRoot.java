package org.alcove.attestation.tdx;

/**
 * The key that everything hangs on, pinned by itself and never by its name: anybody can issue a certificate with that name.
 *
 * @param name for verdicts
 * @param keyDigest SHA-256 of the SubjectPublicKeyInfo, lower-case hex
 */
public record TrustRoot(String name, String keyDigest) {
    /**
     * The key of the Intel SGX Root CA (serial 22650cd65a9d3489f383b49552bf501b392706ac, valid 2018-05-21 to 2049-12-31), which
     * Intel publishes as Intel_SGX_Provisioning_Certification_RootCA.cer on certificates.trustedservices.intel.com. That file has
     * the SHA-256 44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3.
     */
    static final TrustRoot INTEL = new TrustRoot("Intel SGX Root CA",
            "a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e");

    /** Whether evidence under this root proves anything. */
    boolean genuine() {
        return INTEL.keyDigest.equals(keyDigest);
    }
}
