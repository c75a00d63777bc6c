package org.alcove.load;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A server to be measured.
 *
 * @param label what tables and charts call it
 * @param url where its OpenAI API answers, without a slash at the end
 */
record Target(String label, URI url) {

    /** Reads {@code URL} or {@code LABEL=URL}. */
    static Target of(String word) {
        int equals = word.indexOf('=');
        int scheme = word.indexOf("://");
        boolean labelled = equals > 0 && equals < scheme;
        String address = labelled ? word.substring(equals + 1) : word;
        try {
            URI url = new URI(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return new Target(labelled ? word.substring(0, equals) : url.getAuthority(), url);
            }
        } catch (URISyntaxException malformed) {
            // told below, with the same words as another address that is none
        }
        throw new IllegalArgumentException(word + " is no address; give http://HOST:PORT, or LABEL=http://HOST:PORT");
    }
}
