package org.alcove.cluster.hub;

import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.configuration.GivenValues;

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

    /** @throws IllegalArgumentException if a value cannot be; the message names it */
    static HubSettings of(GivenValues values) {
        int heartbeat = values.integer("heartbeat_seconds", 1, Integer.MAX_VALUE - 1);
        int silence = values.integer("gone_after_seconds", heartbeat + 1);
        Duration gone = Duration.ofSeconds(silence);
        Duration evidence = seconds(values, "evidence_seconds", 1);
        return new HubSettings(AddressRanges.trusted(values), Duration.ofSeconds(heartbeat), gone,
                new Directory.Terms(values.integer("max_workers", 1), seconds(values, "forget_seconds", silence), gone,
                        seconds(values, "fastchat_beat_seconds", 1),
                        values.text("worker_policy_file").isBlank() ? Optional.empty() : Optional.of(evidence)),
                seconds(values, "stall_seconds", 1), values.integer("max_clients", 1), values.integer("max_tickets", 1),
                values.integer("registrations_per_minute", 1), values.integer("max_probes", 1));
    }

    private static Duration seconds(GivenValues values, String key, int least) {
        return Duration.ofSeconds(values.integer(key, least));
    }
}
