package org.alcove.admin;

import java.util.Collection;
import java.util.List;

/** What would happen if a plug-in stopped, told offer by offer. */
final class Impact {

    private Impact() {
    }

    /**
     * An effect.
     *
     * @param severity {@code none}, {@code slower}, {@code unguarded}, {@code pauses} or {@code refuses}
     * @param subject what it happens to
     * @param text a sentence for people
     */
    record Effect(String severity, String subject, String text) {
    }

    /** @param required names of guards without which no request is served */
    static List<Effect> of(List<PluginCatalogue.Offer> offers, Collection<String> required) {
        return offers.stream().filter(PluginCatalogue.Offer::best).map(offer -> of(offer, required)).distinct().toList();
    }

    private static Effect of(PluginCatalogue.Offer offer, Collection<String> required) {
        String name = offer.name();
        String users = String.join(", ", offer.users());
        if (offer.kind() == PluginCatalogue.Kind.FRONTEND) {
            return new Effect("refuses", name, "Requests to " + name + " get 404; answers that are being written may end.");
        }
        if (offer.users().isEmpty()) {
            return new Effect("none", name, "No model uses the " + offer.kind().word() + " " + name + " at present.");
        }
        if (offer.instead().isPresent()) {
            return new Effect(offer.kind() == PluginCatalogue.Kind.KERNEL ? "slower" : "none", name, "The " + offer.kind().word()
                    + " " + name + " of " + offer.instead().get() + " takes its place, for " + users + ".");
        }
        return switch (offer.kind()) {
            case KERNEL -> new Effect("pauses", name, "It is the last kernel of the format " + name + ": answers of " + users
                    + " pause for swap_grace_seconds and then fail, and new requests get 503, until a kernel is there.");
            case POLICY -> new Effect("refuses", name, "It is the policy in use: new requests for " + users
                    + " get 503 until another one is chosen; answers that are being written go on.");
            case TEMPLATE -> new Effect("refuses", name, "It is the template of " + users
                    + ": conversations get 503 until it is there again; answers that are being written go on.");
            case GUARD -> required.contains(name) ? new Effect("refuses", name, "It is a required guard: new requests for "
                    + users + " get 503 until it is there again; answers that are being written go on without it.")
                    : new Effect("unguarded", name, "New requests for " + users
                    + " are served without it, and answers that are being written go on without it.");
            case FRONTEND -> throw new IllegalStateException("told above");
        };
    }
}
