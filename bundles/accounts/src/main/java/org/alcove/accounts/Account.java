package org.alcove.accounts;

import java.time.Instant;

/**
 * Somebody who may sign in.
 *
 * @param name of the account
 * @param role of the account
 * @param created when
 * @param sessions how many there are at present
 */
public record Account(String name, Role role, Instant created, int sessions) {
}
