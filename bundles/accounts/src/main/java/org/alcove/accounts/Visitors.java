package org.alcove.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who signed in and who may. A service. The session is a cookie that browsers send for every path under {@code /admin}, so any
 * page there can ask. Whoever changes something for a visitor must see {@link Visitor#csrf()} in the request, or know by other
 * means that a page of its own sent it.
 */
@ProviderType
public interface Visitors {

    /** Who asks; empty where nobody signed in, or the session is over. Keeps the session alive. */
    Optional<Visitor> who(HttpServletRequest request);

    /**
     * Signs in, and gives the browser its cookie.
     *
     * @throws AccountException if the name or the password is wrong, or there were too many failures
     */
    Visitor signIn(String name, String password, HttpServletRequest request, HttpServletResponse response);

    /** Ends the session; harmless where there is none. */
    void signOut(HttpServletRequest request, HttpServletResponse response);

    /**
     * Gives the one who asks another password and ends that account's other sessions.
     *
     * @throws AccountException if the old one is wrong, the new one will not do, or the account was removed or changed
     */
    void changePassword(String old, String fresh, HttpServletRequest request);

    /** All accounts, by name. */
    List<Account> accounts();

    /**
     * Makes an account.
     *
     * @return its first password, which is not kept
     * @throws AccountException if the name will not do or is taken
     */
    String invite(String name, Role role);

    /**
     * Removes an account; its sessions are over.
     *
     * @throws AccountException if there is none, or it is the last that may let people in
     */
    void dismiss(String name);
}
