package org.alcove.evidence;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.alcove.accounts.KeyTerms;
import org.alcove.keys.Callers;
import org.alcove.keys.Callers.Caller;
import org.alcove.keys.KeylessDoor;

/**
 * Who may bring sealed requests. What such a request asks, and how long it and its answer are, is for its worker alone to see: so
 * a key that was made on the server opens this door only where it is for the model, for every way to ask it, and has no limits.
 */
record SealedCallers(Callers callers, KeylessDoor door) {

    private static final List<String> WAYS = List.of("chat", "completions");

    /** Somebody may not bring this. The message is for him. */
    static final class Refusal extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        Refusal(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }
    }

    /** Who asks, where he may come in at all. */
    Caller admit(HttpServletRequest request) throws Refusal {
        return switch (callers.who(request.getHeader("Authorization"))) {
            case Caller.Anybody anybody -> {
                Optional<KeylessDoor.Refusal> refusal = door.refusal(request.getServerName(), request.getHeader("Host"),
                        request.getHeader("Origin"), request.isSecure());
                if (refusal.isPresent()) {
                    throw new Refusal(403, refusal.get().code(), refusal.get().message());
                }
                yield anybody;
            }
            case Caller.Denied denied -> throw new Refusal(401, "invalid_api_key", denied.message());
            case Caller.Unreadable unreadable -> throw new Refusal(503, "keys_unreadable", "the server cannot read its API keys");
            case Caller known -> known;
        };
    }

    /** The name of who asks this model, as its request carries it. */
    static String tenant(Caller caller, String model) throws Refusal {
        if (caller instanceof Caller.Holder holder) {
            require(holder.key().id(), holder.key().terms(), model);
            return holder.key().id();
        }
        return caller instanceof Caller.Named named ? named.name() : "";
    }

    private static void require(String key, KeyTerms terms, String model) throws Refusal {
        if (!terms.allowsModel(model)) {
            throw new Refusal(403, "model_not_allowed", "the key " + key + " is not for this model");
        }
        if (!WAYS.stream().allMatch(terms::allowsEndpoint)) {
            throw new Refusal(403, "endpoint_not_allowed", "the key " + key + " is not for both chat and completions, and nobody"
                    + " sees which of them a sealed request is; ask for a key that is");
        }
        if (terms.requestsPerMinute().isPresent() || terms.tokensPerMinute().isPresent()) {
            throw new Refusal(403, "key_limited", "the key " + key + " has limits, which cannot be counted on what is sealed; ask"
                    + " for a key without");
        }
    }
}
