package org.alcove.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.alcove.keys.ApiKeys;

/**
 * Who may ask: the holder of an admin key or, where there are no keys, who sits at this machine. A browser at this machine is
 * made to ask by any page it shows: a page of another origin is refused, and so is one whose own name was made to point here.
 *
 * @param keys of those who may; empty for everybody at this machine
 * @param reachable whether other machines can reach the server; then there must be keys
 */
record Gate(Optional<ApiKeys> keys, boolean reachable) {

    private static final Pattern LOOPBACK_HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");
    private static final int FORBIDDEN = 403;

    /**
     * Name of who asks, for the log.
     *
     * @throws AdminException if it may not
     */
    String admit(HttpServletRequest request) {
        refuseForeignPages(request);
        if (keys.isPresent()) {
            return switch (keys.get().bearer(request.getHeader("Authorization"))) {
                case ApiKeys.Bearer.Known known -> known.name();
                case ApiKeys.Bearer.Denied denied -> throw new AdminException(401, "invalid_admin_key", denied.message());
                case ApiKeys.Bearer.Unreadable unreadable -> throw new AdminException(503, "keys_unreadable",
                        "the server cannot read its admin keys; its log says why");
            };
        }
        if (reachable) {
            throw new AdminException(FORBIDDEN, "admin_keys_required", "other machines can reach this server, so its admin API"
                    + " asks for a key, and none is configured: name a file of keys in admin_keys_file of org.alcove.admin");
        }
        if (!isLoopback(request.getRemoteAddr()) || !isLoopback(request.getLocalAddr())
                || FORWARDED.stream().anyMatch(name -> request.getHeader(name) != null)) {
            throw new AdminException(FORBIDDEN, "not_local", "without admin keys only this machine itself may ask, and not"
                    + " through a proxy: name a file of keys in admin_keys_file of org.alcove.admin");
        }
        String host = request.getHeader("Host");
        if (host == null || !LOOPBACK_HOST.matcher(host).matches()) {
            throw new AdminException(FORBIDDEN, "wrong_host", "without admin keys this API answers to localhost, 127.0.0.1 and"
                    + " [::1] only; use one of these in the URL");
        }
        return "this machine";
    }

    /** Browsers say which page makes them ask; programs say nothing. */
    private static void refuseForeignPages(HttpServletRequest request) {
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
