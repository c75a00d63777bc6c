package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.Hashtable;
import java.util.Map;
import org.alcove.attestation.Verifier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * A bundle of a test: judges quotes under the root that the property names, at the time when that root's papers are in force. Its
 * verdicts are mock, as all are that hang on another root than Intel's. It must start before whoever wants a verifier.
 */
public final class TestRoot implements BundleActivator {

    /** SHA-256 of the root's key. */
    public static final String PROPERTY = "alcove.test.root";

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @Override
    public void start(BundleContext context) {
        Verifier judge = new TdxVerifier(new TrustRoot("a root made for this test", System.getProperty(PROPERTY)));
        context.registerService(Verifier.class, (evidence, collateral, policy, at) -> judge.verify(evidence, collateral, policy,
                NOW), new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 1000)));
    }

    @Override
    public void stop(BundleContext context) {
        // The framework withdraws the service.
    }
}
