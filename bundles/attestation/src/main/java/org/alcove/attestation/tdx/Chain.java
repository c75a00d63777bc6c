package org.alcove.attestation.tdx;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.alcove.attestation.AttestationException;

/**
 * Certificates from the leaf to the root, each issued by the next.
 *
 * @param certificates leaf first
 */
record Chain(List<X509Certificate> certificates) {
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final String ALGORITHM = "SHA256withECDSA";

    /** Reads exactly these certificates: their common names, leaf first, {@code |} between alternatives. */
    static Chain parse(byte[] bytes, String... names) throws AttestationException {
        List<byte[]> parts = Pem.parts(bytes, "CERTIFICATE");
        if (parts.size() != names.length) {
            throw new AttestationException(parts.size() + " certificates, expected " + names.length + ": "
                    + String.join(", ", names));
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            X509Certificate certificate = certificate(parts.get(i));
            String name = commonName(certificate.getSubjectX500Principal());
            if (!List.of(names[i].split("\\|")).contains(name)) {
                throw new AttestationException("certificate " + (i + 1) + " is \"" + name + "\", expected \"" + names[i] + "\"");
            }
            certificates.add(certificate);
        }
        return new Chain(List.copyOf(certificates));
    }

    X509Certificate leaf() {
        return certificates.getFirst();
    }

    X509Certificate root() {
        return certificates.getLast();
    }

    PublicKey key() {
        return leaf().getPublicKey();
    }

    /** SHA-256 of the root's key, to be compared with the pinned one. */
    String rootDigest() {
        return HexFormat.of().formatHex(sha256(root().getPublicKey().getEncoded()));
    }

    /**
     * Validates signatures, names, dates, constraints and critical extensions up to the root, and the root's own signature and
     * dates. Whether the root is the right one, and revocation, are the caller's.
     */
    void validate(Instant at) throws AttestationException {
        for (int i = 0; i < certificates.size(); i++) {
            X509Certificate certificate = certificates.get(i);
            X509Certificate issuer = certificates.get(Math.min(i + 1, certificates.size() - 1));
            String who = "certificate " + (i + 1) + " (" + commonName(certificate.getSubjectX500Principal()) + ")";
            if (at.isBefore(certificate.getNotBefore().toInstant()) || at.isAfter(certificate.getNotAfter().toInstant())) {
                throw new AttestationException(who + " is valid from " + certificate.getNotBefore().toInstant() + " to "
                        + certificate.getNotAfter().toInstant() + ", not at " + at);
            }
            if (!certificate.getSigAlgName().equals(ALGORITHM) || !P256.on(certificate.getPublicKey())) {
                throw new AttestationException(who + " does not use ECDSA with SHA-256 on P-256");
            }
            if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                throw new AttestationException(who + " was not issued by the certificate that follows it");
            }
        }
        selfSigned();
        path(at);
    }

    /** Rules for paths take the anchor as it is. */
    private void selfSigned() throws AttestationException {
        try {
            root().verify(root().getPublicKey());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new AttestationException("the last certificate is not signed by its own key", e);
        }
    }

    /** The JDK's rules for paths, without its revocation checker: that one goes to the network. */
    private void path(Instant at) throws AttestationException {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root(), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPath path = CertificateFactory.getInstance("X.509")
                    .generateCertPath(certificates.subList(0, certificates.size() - 1));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (CertPathValidatorException e) {
            throw new AttestationException("certificate " + (e.getIndex() + 1) + " breaks the chain: " + e.getMessage(), e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new AttestationException("the chain is refused: " + e.getMessage(), e);
        }
    }

    private static X509Certificate certificate(byte[] der) throws AttestationException {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(certificate.getEncoded(), der)) {
                throw new AttestationException("a certificate of " + der.length + " bytes has bytes that belong to nothing");
            }
            return certificate;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new AttestationException("a certificate of " + der.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    /** The one common name of a distinguished name. */
    static String commonName(X500Principal principal) throws AttestationException {
        Der name = new Der(principal.getEncoded()).enter(Der.SEQUENCE);
        String found = null;
        while (name.more()) {
            Der set = name.enter(Der.SET);
            while (set.more()) {
                Der pair = set.enter(Der.SEQUENCE);
                boolean common = Arrays.equals(pair.content(Der.OID), COMMON_NAME);
                byte[] value = pair.content(pair.tag());
                if (common && found != null) {
                    throw new AttestationException("a certificate has two common names");
                }
                found = common ? new String(value, StandardCharsets.UTF_8) : found;
            }
        }
        return found == null ? "" : found;
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256; nothing can be verified with it", e);
        }
    }
}
