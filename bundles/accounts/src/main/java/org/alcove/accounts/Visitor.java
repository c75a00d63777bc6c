package org.alcove.accounts;

import java.time.Instant;

/**
 * Somebody who signed in.
 *
 * @param name of the account
 * @param role of the account
 * @param csrf what pages of this session show with every change, so that no other page can change anything
 * @param expires when the session ends at the latest
 * @param passwordIsFirst whether the password is still the one that was made for the account
 */
public record Visitor(String name, Role role, String csrf, Instant expires, boolean passwordIsFirst) {
}
