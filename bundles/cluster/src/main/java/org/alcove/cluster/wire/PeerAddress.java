package org.alcove.cluster.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses of processes: scheme, host and port, nothing else. */
public final class PeerAddress {

    private PeerAddress() {
    }

    /** The address, without a slash at its end; nothing where the text is none. */
    public static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null
                    && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return web && bare ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
