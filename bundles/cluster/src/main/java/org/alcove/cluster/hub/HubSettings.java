package org.alcove.cluster.hub;

import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Limits;

/**
 * The configuration, checked.
 *
 * @param trusted where FastChat's processes may speak from
 * @param heartbeat how often workers beat
 * @param gone silence of an API process that is no more
 * @param terms how many workers there may be, and how long they may be silent
 * @param stall silence in an answer that passes through here
 * @param mostClients API processes
 * @param mostTickets of each of them
 */
record HubSettings(AddressRanges trusted, Duration heartbeat, Duration gone, Directory.Terms terms, Duration stall,
        int mostClients, int mostTickets, int registrationsPerMinute, int mostProbes) {

    static HubSettings of(HubConfiguration configuration) {
        Limits.atLeast("heartbeat_seconds", 1, configuration.heartbeat__seconds());
        Limits.atLeast("gone_after_seconds", configuration.heartbeat__seconds() + 1, configuration.gone__after__seconds());
        Limits.atLeast("forget_seconds", configuration.gone__after__seconds(), configuration.forget__seconds());
        Limits.atLeast("fastchat_beat_seconds", 1, configuration.fastchat__beat__seconds());
        Limits.atLeast("stall_seconds", 1, configuration.stall__seconds());
        Limits.atLeast("max_workers", 1, configuration.max__workers());
        Limits.atLeast("max_clients", 1, configuration.max__clients());
        Limits.atLeast("max_tickets", 1, configuration.max__tickets());
        Limits.atLeast("registrations_per_minute", 1, configuration.registrations__per__minute());
        Limits.atLeast("max_probes", 1, configuration.max__probes());
        Limits.atLeast("probe_seconds", 1, configuration.probe__seconds());
        Limits.atLeast("evidence_seconds", 1, configuration.evidence__seconds());
        Optional<Duration> evidence = configuration.worker__policy__file().isBlank() ? Optional.empty()
                : Optional.of(Duration.ofSeconds(configuration.evidence__seconds()));
        Duration gone = Duration.ofSeconds(configuration.gone__after__seconds());
        return new HubSettings(AddressRanges.of(configuration.trust__fastchat()),
                Duration.ofSeconds(configuration.heartbeat__seconds()), gone,
                new Directory.Terms(configuration.max__workers(), Duration.ofSeconds(configuration.forget__seconds()), gone,
                        Duration.ofSeconds(configuration.fastchat__beat__seconds()), evidence),
                Duration.ofSeconds(configuration.stall__seconds()), configuration.max__clients(), configuration.max__tickets(),
                configuration.registrations__per__minute(), configuration.max__probes());
    }
}
