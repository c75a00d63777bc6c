package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.accounts.Account;
import org.alcove.accounts.Audit;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.alcove.accounts.Visitors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** People: signing in and out, their accounts, and what they changed. */
@Component(service = Desk.class)
public final class AccountDesk implements Desk {

    private static final int LONGEST = 1024;
    private static final int MOST_ENTRIES = 500;
    private static final int USUAL_ENTRIES = 100;
    private static final String PASSWORD = "password";
    private static final String ACCOUNTS = "accounts";
    private static final String NAME = "name";

    private final Visitors visitors;
    private final Audit audit;

    @Activate
    public AccountDesk(@Reference Visitors visitors, @Reference Audit audit) {
        this.visitors = visitors;
        this.audit = audit;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.see("session", Role.VIEWER, call -> Route.Reply.ok(session(call.caller()))),
                new Route("POST", "session", Optional.empty(), "", Optional.empty(), this::signIn),
                Route.order("DELETE", "session", Role.VIEWER, "", this::signOut),
                Route.change("PUT", PASSWORD, Role.VIEWER, "password.change", this::changePassword),
                Route.see(ACCOUNTS, Role.ADMIN, call -> accounts()),
                Route.change("POST", ACCOUNTS, Role.ADMIN, "account.create", this::invite),
                Route.order("DELETE", "accounts/*", Role.ADMIN, "account.remove", this::dismiss),
                Route.see("audit", Role.ADMIN, this::entries).asking("limit", "before"));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode session(Caller caller) {
        ObjectNode json = object().put(NAME, caller.name()).put("role", caller.role().word()).put("via", caller.via());
        caller.visitor().ifPresent(visitor -> json.put("csrf", visitor.csrf()).put("expires", visitor.expires().toString())
                .put("must_change_password", visitor.passwordIsFirst()));
        return json;
    }

    private Route.Reply signIn(Call call) throws IOException {
        ObjectNode body = call.body(NAME, PASSWORD);
        String name = Call.text(body, NAME);
        String password = Call.text(body, PASSWORD);
        if (name.length() > LONGEST || password.length() > LONGEST) {
            throw AdminException.invalid("name and password have at most " + LONGEST + " characters");
        }
        Visitor visitor = visitors.signIn(name, password, call.request(), call.response());
        audit.record(visitor.name(), "session", "session.open", "", "", "done");
        return Route.Reply.ok(session(Caller.of(visitor)));
    }

    private Route.Reply signOut(Call call) {
        visitors.signOut(call.request(), call.response());
        return Route.Reply.ok(object());
    }

    private Route.Reply changePassword(Call call) throws IOException {
        ObjectNode body = call.body("old", "new");
        visitors.changePassword(Call.text(body, "old"), Call.text(body, "new"), call.request());
        return Route.Reply.ok(object());
    }

    private Route.Reply accounts() {
        ObjectNode json = object();
        ArrayNode list = json.putArray(ACCOUNTS);
        visitors.accounts().forEach(account -> list.add(json(account)));
        return Route.Reply.ok(json);
    }

    private static ObjectNode json(Account account) {
        return object().put(NAME, account.name()).put("role", account.role().word())
                .put("created", account.created().toString()).put("sessions", account.sessions());
    }

    private Route.Reply invite(Call call) throws IOException {
        ObjectNode body = call.body(NAME, "role");
        String name = Call.text(body, NAME);
        Role role = Role.named(Call.text(body, "role"))
                .orElseThrow(() -> AdminException.invalid("\"role\" must be viewer, operator or admin"));
        call.tell(name, role.word());
        String password = visitors.invite(name, role);
        Account made = visitors.accounts().stream().filter(account -> account.name().equals(name)).findFirst().orElseThrow();
        return new Route.Reply(201, json(made).put(PASSWORD, password));
    }

    private Route.Reply dismiss(Call call) {
        visitors.dismiss(call.star());
        return Route.Reply.ok(object());
    }

    private Route.Reply entries(Call call) {
        int limit = call.query("limit", USUAL_ENTRIES, 1, MOST_ENTRIES);
        int before = call.query("before", 0, 0, Integer.MAX_VALUE);
        List<Audit.Entry> page = audit.entries(before == 0 ? OptionalLong.empty() : OptionalLong.of(before), limit);
        ObjectNode json = object();
        ArrayNode list = json.putArray("entries");
        page.forEach(entry -> list.addObject().put("number", entry.number()).put("when", entry.when().toString())
                .put("who", entry.who()).put("via", entry.via()).put("what", entry.what()).put("subject", entry.subject())
                .put("detail", entry.detail()).put("outcome", entry.outcome()));
        if (page.size() < limit || page.getLast().number() == 1) {
            json.putNull("next");
        } else {
            json.put("next", page.getLast().number());
        }
        return Route.Reply.ok(json);
    }
}
