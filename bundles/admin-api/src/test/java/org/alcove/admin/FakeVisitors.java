package org.alcove.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alcove.accounts.Account;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.alcove.accounts.Visitors;

/** Whoever brings the name of a role as the header Cookie has that role. */
final class FakeVisitors implements Visitors {

    final List<String> invited = new CopyOnWriteArrayList<>();

    @Override
    public Optional<Visitor> who(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("Cookie")).flatMap(Role::named).map(FakeVisitors::visitor);
    }

    private static Visitor visitor(Role role) {
        return new Visitor("ann", role, "token", Instant.EPOCH, false);
    }

    @Override
    public Visitor signIn(String name, String password, HttpServletRequest request, HttpServletResponse response) {
        if (name.equals("eve")) {
            throw new AccountException(AccountException.Reason.LOCKED_OUT, "wait", Duration.ofSeconds(30));
        }
        if (!password.equals("right")) {
            throw new AccountException(AccountException.Reason.WRONG_PASSWORD, "wrong");
        }
        return visitor(Role.ADMIN);
    }

    @Override
    public void signOut(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Set-Cookie", "gone");
    }

    @Override
    public void changePassword(String old, String fresh, HttpServletRequest request) {
        throw new AccountException(AccountException.Reason.BAD_PASSWORD, "too short");
    }

    @Override
    public List<Account> accounts() {
        return List.of(new Account("ann", Role.ADMIN, Instant.EPOCH, 1));
    }

    @Override
    public String invite(String name, Role role) {
        invited.add(name);
        return "secret";
    }

    @Override
    public void dismiss(String name) {
        throw new AccountException(AccountException.Reason.UNKNOWN, "there is none");
    }
}
