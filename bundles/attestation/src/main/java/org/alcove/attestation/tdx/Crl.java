package org.alcove.attestation.tdx;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.alcove.attestation.AttestationException;

/**
 * A revocation list, checked by hand: the JDK's revocation checker fetches what it misses from the network.
 *
 * @param crl as the JDK reads it
 */
record Crl(X509CRL crl) {
    private static final int CRL_SIGN = 6;

    static Crl parse(byte[] bytes) throws AttestationException {
        List<byte[]> parts = Pem.parts(bytes, "X509 CRL");
        if (parts.size() != 1) {
            throw new AttestationException(parts.size() + " revocation lists, expected one");
        }
        byte[] der = parts.getFirst();
        try {
            X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
            if (!Arrays.equals(crl.getEncoded(), der)) {
                throw new AttestationException("a revocation list of " + der.length + " bytes has bytes that belong to nothing");
            }
            return new Crl(crl);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new AttestationException("a revocation list of " + der.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    /** Checks that this list is the issuer's, complete, and in force. */
    void validate(X509Certificate issuer, Instant at) throws AttestationException {
        if (!crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            throw new AttestationException("the list is of \"" + Chain.commonName(crl.getIssuerX500Principal())
                    + "\", expected \"" + Chain.commonName(issuer.getSubjectX500Principal()) + "\"");
        }
        boolean[] usage = issuer.getKeyUsage();
        if (usage == null || usage.length <= CRL_SIGN || !usage[CRL_SIGN]) {
            throw new AttestationException("the issuer of the list may not sign lists");
        }
        try {
            crl.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new AttestationException("the signature of the list is not by the key of its issuer", e);
        }
        // A critical extension narrows the list to some certificates or makes it a delta: absence would then mean nothing.
        if (crl.getCriticalExtensionOIDs() != null && !crl.getCriticalExtensionOIDs().isEmpty()) {
            throw new AttestationException("the list has critical extensions " + crl.getCriticalExtensionOIDs()
                    + "; only complete lists are read");
        }
        Instant from = crl.getThisUpdate().toInstant();
        if (crl.getNextUpdate() == null) {
            throw new AttestationException("the list does not say when the next one comes");
        }
        Instant until = crl.getNextUpdate().toInstant();
        if (at.isBefore(from) || at.isAfter(until)) {
            throw new AttestationException("the list is in force from " + from + " to " + until + ", not at " + at
                    + "; fetch the current one");
        }
    }

    boolean revokes(X509Certificate certificate) {
        return crl.getRevokedCertificate(certificate.getSerialNumber()) != null;
    }

    String found() {
        int entries = crl.getRevokedCertificates() == null ? 0 : crl.getRevokedCertificates().size();
        return entries + " revoked, in force until " + crl.getNextUpdate().toInstant();
    }
}
