package org.alcove.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.alcove.accounts.Account;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.alcove.accounts.Visitors;

/** Knows one visitor, whoever asks. */
record SignedIn(Supplier<Optional<Visitor>> visitor) implements Visitors {

    @Override
    public Optional<Visitor> who(HttpServletRequest request) {
        return visitor.get();
    }

    @Override
    public Visitor signIn(String name, String password, HttpServletRequest request, HttpServletResponse response) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void signOut(HttpServletRequest request, HttpServletResponse response) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changePassword(String old, String fresh, HttpServletRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Account> accounts() {
        return List.of();
    }

    @Override
    public String invite(String name, Role role) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dismiss(String name) {
        throw new UnsupportedOperationException();
    }
}
