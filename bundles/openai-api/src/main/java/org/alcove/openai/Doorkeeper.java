package org.alcove.openai;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.keys.Callers;
import org.alcove.keys.Callers.Caller;

/** Lets those in who may, and gives them a pass with what is left of their key's quota. */
final class Doorkeeper {

    private final IssuedKeys issued;
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** By the key's id. Of this process, and gone with it. */
    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();

    /**
     * At the door.
     *
     * @param issued the keys that were made on the server
     * @param clock tells when a key's time is over
     * @param nanos {@link System#nanoTime}, for what is left in a minute
     */
    Doorkeeper(IssuedKeys issued, InstantSource clock, LongSupplier nanos) {
        this.issued = issued;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * The same exchange, with what the one who asks may do.
     *
     * @throws ApiException if he may not come in
     */
    Exchange admit(Exchange exchange) {
        Settings settings = exchange.settings();
        return switch (new Callers(settings.keys(), settings.keyRequired(), issued, clock)
                .who(exchange.request().getHeader("Authorization"))) {
            case Caller.Anybody anybody -> {
                settings.cors().requireOwn(exchange.request());
                yield exchange;
            }
            case Caller.Named known -> exchange.with(exchange.context().withTenant(known.name()));
            case Caller.Holder holder -> admit(exchange, holder.key());
            case Caller.Denied denied -> throw new ApiException(ApiError.denied(denied.message()));
            case Caller.Unreadable unreadable -> throw new ApiException(ApiError.keysUnreadable());
        };
    }

    private Exchange admit(Exchange exchange, IssuedKey key) {
        Quota quota = quotas.compute(key.id(), (id, held) -> held != null && held.isOf(key.terms()) ? held
                : Quota.of(key.terms(), nanos.getAsLong()));
        Pass pass = Pass.of(key, quota, nanos);
        try {
            pass.countRequest();
        } finally {
            // A refusal tells what is left, too.
            pass.headers().forEach(exchange.response()::setHeader);
        }
        return exchange.with(exchange.context().withTenant(key.id()), pass);
    }
}
