package org.alcove.attestation;

import java.time.Instant;
import org.alcove.attestation.tdx.TdxVerifier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Judges evidence. A service. Pure: time and collateral are given, nothing is fetched, nothing is remembered, and the same input
 * gives the same verdict.
 *
 * <p>Whatever the policy says, a machine in debug mode is refused: its owner can read its memory.
 */
@ProviderType
public interface Verifier {

    /**
     * Judges evidence. Never throws for what a stranger sent: what cannot be read is a failed line of the verdict.
     *
     * @param evidence what the machine sent
     * @param collateral what the maker of the processor says of such machines
     * @param policy what we accept
     * @param at the time to judge at, normally now
     * @return the verdict; ask {@link Verdict#good}
     */
    Verdict verify(Evidence evidence, Collateral collateral, Policy policy, Instant at);

    /** The verifier of TDX quotes under Intel's root, for programs that have no services to ask for one. */
    static Verifier tdx() {
        return new TdxVerifier();
    }
}
