package org.alcove.attestation.tdx;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;

/** From the pinned root down to the quote: who signed what, and whether anybody was revoked. */
final class SignatureRules {
    private static final String ROOT = "Intel SGX Root CA";
    private static final String ISSUERS = "Intel SGX PCK Platform CA|Intel SGX PCK Processor CA";
    private static final String LEAF = "Intel SGX PCK Certificate";
    private static final String SIGNER = "Intel SGX TCB Signing";
    private static final int DIGEST = 32;

    private final TrustRoot root;
    private final Instant at;
    private final Ledger ledger;

    SignatureRules(TrustRoot root, Instant at, Ledger ledger) {
        this.root = root;
        this.at = at;
        this.ledger = ledger;
    }

    /** The platform, once its certificate hangs on the pinned root. The quote's own signatures are checked in any case. */
    Optional<PckIdentity> platform(Quote quote, Collateral collateral) {
        Optional<Chain> chain = ledger.read(Item.PCK_CHAIN, LEAF + ", its issuer and the root, valid at " + at, () -> {
            Chain parsed = Chain.parse(quote.certificates(), LEAF, ISSUERS, ROOT);
            parsed.validate(at);
            return parsed;
        }, parsed -> "certificate " + parsed.leaf().getSerialNumber().toString(16) + " of "
                + parsed.certificates().get(1).getSubjectX500Principal().getName());
        signatures(quote, chain);
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate issuer = chain.get().certificates().get(1);
        boolean rooted = ledger.line(Item.ROOT, root.name() + ", key " + root.keyDigest(), "key " + chain.get().rootDigest(),
                chain.get().rootDigest().equals(root.keyDigest()));
        if (!rooted) {
            return Optional.empty();
        }
        crl(Item.ROOT_CRL, collateral.rootCrl(), chain.get().root())
                .ifPresent(crl -> standing(Item.CA_STANDING, crl, issuer));
        crl(Item.PCK_CRL, collateral.pckCrl(), issuer).ifPresent(crl -> standing(Item.PCK_STANDING, crl, chain.get().leaf()));
        return ledger.read(Item.PCK_IDENTITY, "the SGX extension", () -> PckIdentity.parse(chain.get().leaf()),
                PckIdentity::found);
    }

    /** The bytes of a document of Intel's, once they are signed by Intel; the certificate must be in force and not revoked. */
    Optional<byte[]> document(Item signer, Item signature, byte[] pem, byte[] rootCrl, Ledger.Attempt<SignedJson> document) {
        Optional<Chain> chain = ledger.read(signer, SIGNER + " and " + root.name() + ", valid at " + at + ", not revoked", () -> {
            Chain parsed = Chain.parse(pem, SIGNER, ROOT);
            parsed.validate(at);
            if (!parsed.rootDigest().equals(root.keyDigest())) {
                throw new AttestationException("a chain to the root key " + parsed.rootDigest());
            }
            Crl crl = Crl.parse(rootCrl);
            crl.validate(parsed.root(), at);
            if (crl.revokes(parsed.leaf())) {
                throw new AttestationException("certificate " + parsed.leaf().getSerialNumber().toString(16) + " is revoked");
            }
            return parsed;
        }, parsed -> "certificate " + parsed.leaf().getSerialNumber().toString(16));
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        return ledger.read(signature, "a signature of that certificate over the exact bytes", () -> {
            SignedJson signed = document.run();
            if (!P256.verifies(chain.get().key(), signed.exact(), signed.signature())) {
                throw new AttestationException("a signature of other bytes or another key");
            }
            return signed.exact();
        }, exact -> exact.length + " bytes signed");
    }

    private void signatures(Quote quote, Optional<Chain> chain) {
        chain.ifPresent(present -> {
            boolean signed = P256.verifies(present.key(), quote.qe().bytes(), quote.qeSignature());
            ledger.line(Item.QE_SIGNATURE, "by the PCK certificate", signed ? "by the PCK certificate" : "not by that key",
                    signed);
        });
        byte[] bound = Arrays.copyOf(Chain.sha256(quote.key(), quote.auth()), 2 * DIGEST);
        ledger.line(Item.QE_BINDING, HexFormat.of().formatHex(bound), HexFormat.of().formatHex(quote.qe().data()),
                Arrays.equals(bound, quote.qe().data()));
        ledger.read(Item.SIGNATURE, "by the attestation key over header and body", () -> {
            PublicKey key = P256.key(quote.key());
            if (!P256.verifies(key, quote.signed(), quote.signature())) {
                throw new AttestationException("a signature of other bytes or another key");
            }
            return key;
        }, key -> quote.signed().length + " bytes signed");
    }

    private Optional<Crl> crl(Item item, byte[] bytes, X509Certificate issuer) {
        return ledger.read(item, "a list of " + issuer.getSubjectX500Principal().getName() + " in force at " + at, () -> {
            Crl crl = Crl.parse(bytes);
            crl.validate(issuer, at);
            return crl;
        }, Crl::found);
    }

    private void standing(Item item, Crl crl, X509Certificate certificate) {
        boolean revoked = crl.revokes(certificate);
        ledger.line(item, "not on the list", "certificate " + certificate.getSerialNumber().toString(16)
                + (revoked ? " is revoked" : " is not on the list"), !revoked);
    }
}
