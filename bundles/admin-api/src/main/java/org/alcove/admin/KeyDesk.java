package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keys of clients and scripts: made, changed, revoked and, when they are of no interest any more, forgotten. */
@Component(service = Desk.class)
public final class KeyDesk implements Desk {

    private static final String ONE = "keys/*";

    private final IssuedKeys keys;
    private final InstantSource clock;

    @Activate
    public KeyDesk(@Reference IssuedKeys keys) {
        this(keys, InstantSource.system());
    }

    KeyDesk(IssuedKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.see("keys", Role.ADMIN, call -> list()),
                Route.change("POST", "keys", Role.ADMIN, "key.create", this::create),
                Route.change("PATCH", ONE, Role.ADMIN, "key.change", this::change),
                Route.order("DELETE", ONE, Role.ADMIN, "key.revoke", this::revoke).asking("forget"));
    }

    private ObjectNode json(IssuedKey key) {
        return KeyJson.of(key, clock.instant());
    }

    private Route.Reply list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("keys");
        keys.keys().forEach(key -> list.add(json(key)));
        ArrayNode endpoints = json.putArray("endpoints");
        KeyTerms.ENDPOINTS.forEach(endpoints::add);
        return Route.Reply.ok(json);
    }

    private Route.Reply create(Call call) throws IOException {
        ObjectNode body = call.body(KeyJson.fields());
        String label = Call.text(body, KeyJson.LABEL);
        KeyTerms terms = KeyJson.terms(body, KeyTerms.CLIENT);
        call.tell(label, KeyJson.written(terms));
        IssuedKeys.Fresh made = keys.issue(label, call.caller().name(), terms);
        call.tell(made.key().id(), made.key().label() + ": " + KeyJson.written(terms));
        return new Route.Reply(201, json(made.key()).put("key", made.secret()));
    }

    private Route.Reply change(Call call) throws IOException {
        ObjectNode body = call.body(KeyJson.fields());
        IssuedKey before = keys.keys().stream().filter(key -> key.id().equals(call.star())).findFirst()
                .orElseThrow(() -> AdminException.unknown("there is no key with this id"));
        String label = Call.text(body, KeyJson.LABEL, before.label());
        KeyTerms terms = KeyJson.terms(body, before.terms());
        call.tell(before.id(), label + ": " + KeyJson.written(terms));
        return Route.Reply.ok(json(keys.change(before.id(), label, terms)));
    }

    private Route.Reply revoke(Call call) {
        if (call.query("forget")) {
            call.tell(call.star(), "forgotten");
            keys.forget(call.star());
            return Route.Reply.ok(JsonNodeFactory.instance.objectNode());
        }
        return Route.Reply.ok(json(keys.revoke(call.star())));
    }
}
