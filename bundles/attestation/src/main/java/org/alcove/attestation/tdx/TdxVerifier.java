package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.attestation.Check;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.Verifier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Verifies TD quotes of version 4 and 5 with nothing but the JDK. The service is bound to Intel's root and has no switch for
 * another; whoever makes a verifier with another root, for tests, gets mock verdicts from it.
 */
@Component
public final class TdxVerifier implements Verifier {
    private final TrustRoot root;

    @Activate
    public TdxVerifier() {
        this(TrustRoot.INTEL);
    }

    /**
     * A verifier that trusts another root. Its verdicts are {@link Verdict.Mock}.
     *
     * @param root the key to trust
     */
    public TdxVerifier(TrustRoot root) {
        this.root = root;
    }

    @Override
    public Verdict verify(Evidence evidence, Collateral collateral, Policy policy, Instant at) {
        if (evidence.mock()) {
            return MockRules.judge(evidence, policy, at);
        }
        Ledger ledger = new Ledger(Item.values());
        if (root.genuine()) {
            ledger.line(Item.REAL, "a quote", "a quote, to be proven by the lines below", true);
        } else {
            MockRules.refused(ledger, policy, "a verifier that trusts " + root.name());
        }
        BodyRules rules = new BodyRules(policy, ledger);
        rules.inForce(at);
        Optional<Quote> quote = ledger.read(Item.STRUCTURE, "a TD quote of version 4 or 5", () -> Quote.parse(evidence.quote()),
                read -> "version " + read.version() + ", TD report " + (read.report().currentSvn() == null ? "1.0" : "1.5"));
        if (quote.isEmpty()) {
            return verdict(at, ledger.close(), Map.of(), Optional.empty());
        }
        TdReport report = quote.get().report();
        ledger.line(Item.TAIL, "none, or zeros", quote.get().tail().found(), quote.get().tail().zero());
        Optional<TcbInfo.Judgement> tcb = platform(quote.get(), collateral, policy, at, ledger);
        rules.attributes(report.attributes());
        rules.measurements(report.hex());
        Optional<EventLog> log = rules.eventLog(evidence.eventLog(), report);
        BundleRules bundles = new BundleRules(policy, ledger);
        bundles.measured(bundles.listed(evidence, report.hex().get(Measurement.REPORT_DATA)), log);
        return verdict(at, ledger.close(), report.hex(), tcb);
    }

    private Optional<TcbInfo.Judgement> platform(Quote quote, Collateral collateral, Policy policy, Instant at, Ledger ledger) {
        SignatureRules signatures = new SignatureRules(root, at, ledger);
        Optional<PckIdentity> platform = signatures.platform(quote, collateral);
        CollateralRules documents = new CollateralRules(signatures, policy, at, ledger);
        Optional<TcbInfo> info = documents.tcbInfo(collateral, platform);
        Optional<QeIdentity> identity = documents.qeIdentity(collateral, quote);
        if (platform.isEmpty() || info.isEmpty() || identity.isEmpty()) {
            return Optional.empty();
        }
        return new TcbRules(quote.report(), platform.get(), info.get(), ledger).judge(identity.get(), quote.qe(), policy);
    }

    private Verdict verdict(Instant at, List<Check> checks, Map<Measurement, String> fields, Optional<TcbInfo.Judgement> tcb) {
        if (!root.genuine()) {
            return new Verdict.Mock(at, checks, fields);
        }
        return new Verdict.Tdx(at, checks, fields, tcb.map(TcbInfo.Judgement::status),
                tcb.map(TcbInfo.Judgement::advisories).orElse(List.of()));
    }
}
