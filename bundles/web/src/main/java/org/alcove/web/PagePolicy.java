package org.alcove.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/**
 * What a page may do, told to the browser: scripts, styles and data of this server only, nothing inline, no frame around it.
 * Text becomes markup only through one of the named trusted types.
 *
 * @param trustedTypes names of the Trusted Types policies that the page's scripts may make; none: {@code innerHTML} always fails
 */
public record PagePolicy(List<String> trustedTypes) {

    /** Copies the list. */
    public PagePolicy {
        trustedTypes = List.copyOf(trustedTypes);
    }

    /** The value of {@code Content-Security-Policy}. */
    public String contentSecurityPolicy() {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types "
                + (trustedTypes.isEmpty() ? "'none'" : String.join(" ", trustedTypes));
    }

    /** Sets every header of a page. */
    public void apply(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", contentSecurityPolicy());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}
