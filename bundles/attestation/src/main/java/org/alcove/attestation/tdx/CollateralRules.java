package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.Optional;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;

/** What Intel says of such platforms: authentic, in force, recent enough, and of this platform. Nothing unsigned is read. */
final class CollateralRules {
    private final SignatureRules signatures;
    private final Policy policy;
    private final Instant at;
    private final Ledger ledger;

    CollateralRules(SignatureRules signatures, Policy policy, Instant at, Ledger ledger) {
        this.signatures = signatures;
        this.policy = policy;
        this.at = at;
        this.ledger = ledger;
    }

    Optional<TcbInfo> tcbInfo(Collateral collateral, Optional<PckIdentity> platform) {
        Optional<byte[]> signed = signatures.document(Item.TCB_SIGNER, Item.TCB_SIGNATURE, collateral.tcbInfoChain(),
                collateral.rootCrl(), () -> SignedJson.parse(collateral.tcbInfo(), "tcbInfo"));
        Optional<TcbInfo> info = signed.flatMap(exact -> ledger.read(Item.TCB_CONTENT, "TCB info version 3 for TDX",
                () -> TcbInfo.parse(exact), read -> read.levels().size() + " levels for FMSPC " + read.fmspc()));
        if (info.isEmpty()) {
            return Optional.empty();
        }
        boolean inForce = inForce(Item.TCB_DATES, info.get().dates());
        evaluation(Item.TCB_EVALUATION, info.get().evaluation());
        if (platform.isEmpty()) {
            return Optional.empty();
        }
        String expected = "FMSPC " + platform.get().fmspc() + ", PCEID " + platform.get().pceId();
        String found = "FMSPC " + info.get().fmspc() + ", PCEID " + info.get().pceId();
        boolean fits = ledger.line(Item.TCB_PLATFORM, expected, found, expected.equals(found));
        return fits && inForce ? info : Optional.empty();
    }

    Optional<QeIdentity> qeIdentity(Collateral collateral, Quote quote) {
        Optional<byte[]> signed = signatures.document(Item.QE_SIGNER, Item.QE_ID_SIGNATURE, collateral.qeIdentityChain(),
                collateral.rootCrl(), () -> SignedJson.parse(collateral.qeIdentity(), "enclaveIdentity"));
        Optional<QeIdentity> identity = signed.flatMap(exact -> ledger.read(Item.QE_CONTENT, "QE identity version 2 for TDX",
                () -> QeIdentity.parse(exact), read -> read.levels().size() + " levels"));
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        boolean inForce = inForce(Item.QE_DATES, identity.get().dates());
        evaluation(Item.QE_EVALUATION, identity.get().evaluation());
        boolean fits = ledger.line(Item.QE_IDENTITY, identity.get().wanted(), QeIdentity.found(quote.qe()),
                identity.get().matches(quote.qe()));
        return fits && inForce ? identity : Optional.empty();
    }

    private boolean inForce(Item item, TcbInfo.Dates dates) {
        return ledger.line(item, "in force at " + at, dates.found()
                + (dates.holdAt(at) ? "" : "; the evidence may be good, fetch the current collateral"), dates.holdAt(at));
    }

    private void evaluation(Item item, int number) {
        if (policy.leastEvaluation() == 0) {
            ledger.warn(item, "a policy that names the least number", Integer.toString(number));
        } else {
            ledger.line(item, "at least " + policy.leastEvaluation(), Integer.toString(number),
                    number >= policy.leastEvaluation());
        }
    }
}
