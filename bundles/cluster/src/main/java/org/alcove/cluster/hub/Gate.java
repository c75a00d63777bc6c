package org.alcove.cluster.hub;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.alcove.cluster.door.Refusal;

/**
 * Lets each address register so often and no more often; a registration has us ask the address it names. Remembers a bounded
 * number of addresses; of IPv6 the first 64 bits, which is what one machine has. Thread-safe.
 */
final class Gate {

    private static final int MOST_ADDRESSES = 4096;
    private static final int NETWORK_BYTES = 8;
    private static final long MINUTE = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanos;
    /** Oldest use first. */
    private final Map<String, Allowance> allowances = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Allowance {
        private double left;
        private long when;
    }

    /** @param nanos time that only goes forward */
    Gate(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
    }

    /**
     * Lets one in.
     *
     * @throws Refusal if there were too many
     */
    synchronized void pass(InetAddress peer) {
        long now = nanos.getAsLong();
        Allowance allowance = allowances.computeIfAbsent(key(peer), unknown -> {
            Allowance full = new Allowance();
            full.left = perMinute;
            full.when = now;
            return full;
        });
        if (allowances.size() > MOST_ADDRESSES) {
            allowances.remove(allowances.keySet().iterator().next());
        }
        allowance.left = Math.min(perMinute, allowance.left + (double) (now - allowance.when) * perMinute / MINUTE);
        allowance.when = now;
        if (allowance.left < 1) {
            int seconds = (int) Math.ceil((1 - allowance.left) * 60 / perMinute);
            throw Refusal.later(429, "too_many_registrations", peer.getHostAddress() + " registers more than " + perMinute
                    + " times a minute (registrations_per_minute); come again in " + seconds + " s", seconds);
        }
        allowance.left--;
    }

    private static String key(InetAddress peer) {
        byte[] bytes = peer.getAddress();
        return Arrays.toString(bytes.length > NETWORK_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
