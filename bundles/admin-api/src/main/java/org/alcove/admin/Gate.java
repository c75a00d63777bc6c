package org.alcove.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.alcove.accounts.Visitors;
import org.alcove.keys.ApiKeys;

/**
 * Who asks: the holder of a key, who signed in or, where there are no admin keys and no other machine can reach the server, a
 * program at this machine. A key needs no token beside it, since no browser sends one unless its page tells it to. A browser
 * at this machine is made to ask by any page it shows, so it has to sign in: a page of another origin is refused, and one whose
 * own name was made to point here has no session.
 *
 * @param visitors those who signed in
 * @param keys of those who may do everything; empty for programs at this machine
 * @param access whom the keys that were made here let in, each with its role
 * @param reachable whether other machines can reach the server; then programs need keys
 */
record Gate(Visitors visitors, Optional<ApiKeys> keys, Function<String, Optional<Caller>> access, boolean reachable) {

    private static final Pattern LOOPBACK_HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");
    private static final List<String> BROWSER = List.of("Origin", "Sec-Fetch-Site", "Cookie");
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final int FORBIDDEN = 403;

    /**
     * Who asks.
     *
     * @throws AdminException if that cannot be told, or it may not ask in this way
     */
    Caller admit(HttpServletRequest request) {
        refuseForeignPages(request);
        String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return key(authorization);
        }
        Optional<Visitor> visitor = visitors.who(request);
        if (visitor.isPresent()) {
            requireToken(request, visitor.get());
            return Caller.of(visitor.get());
        }
        if (keys.isPresent() || reachable || BROWSER.stream().anyMatch(name -> request.getHeader(name) != null)) {
            throw new AdminException(401, "login_required", "sign in at /admin, or send the header Authorization: Bearer KEY"
                    + " with a key of --admin-keys");
        }
        requireThisMachine(request);
        return Caller.machine();
    }

    private Caller key(String authorization) {
        Optional<ApiKeys.Bearer> bearer = keys.map(file -> file.bearer(authorization));
        if (bearer.isPresent() && bearer.get() instanceof ApiKeys.Bearer.Known holder) {
            return Caller.key(holder.name(), Role.ADMIN);
        }
        Optional<Caller> known = access.apply(authorization);
        if (known.isPresent()) {
            return known.get();
        }
        if (bearer.isEmpty()) {
            throw new AdminException(401, "invalid_admin_key", "the key is not known here; keys with a role are made at /admin,"
                    + " or named in a file by --admin-keys");
        }
        return switch (bearer.get()) {
            case ApiKeys.Bearer.Known holder -> Caller.key(holder.name(), Role.ADMIN);
            case ApiKeys.Bearer.Denied denied -> throw new AdminException(401, "invalid_admin_key", denied.message());
            case ApiKeys.Bearer.Unreadable unreadable -> throw new AdminException(503, "keys_unreadable",
                    "the server cannot read its admin keys; its log says why");
        };
    }

    private static void requireToken(HttpServletRequest request, Visitor visitor) {
        String token = request.getHeader("X-Alcove-Csrf");
        if (!READING.contains(request.getMethod()) && (token == null || !MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), visitor.csrf().getBytes(StandardCharsets.UTF_8)))) {
            throw new AdminException(FORBIDDEN, "csrf", "a change needs the header X-Alcove-Csrf with the token of the session,"
                    + " which GET /admin/api/session tells");
        }
    }

    private static void requireThisMachine(HttpServletRequest request) {
        if (!isLoopback(request.getRemoteAddr()) || !isLoopback(request.getLocalAddr())
                || FORWARDED.stream().anyMatch(name -> request.getHeader(name) != null)) {
            throw new AdminException(FORBIDDEN, "not_local", "without a key or a session only this machine itself may ask, and"
                    + " not through a proxy: sign in at /admin, or name a file of keys in admin_keys_file of org.alcove.admin");
        }
        String host = request.getHeader("Host");
        if (host == null || !LOOPBACK_HOST.matcher(host).matches()) {
            throw new AdminException(FORBIDDEN, "wrong_host", "without a key or a session this API answers to localhost,"
                    + " 127.0.0.1 and [::1] only; use one of these in the URL");
        }
    }

    /** Browsers say which page makes them ask; programs say nothing. */
    static void refuseForeignPages(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        String host = request.getHeader("Host");
        boolean foreign = origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)
                || site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreign) {
            throw new AdminException(FORBIDDEN, "foreign_page", "a page of another origin may not ask");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            // An address, never a name: nothing is looked up.
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
