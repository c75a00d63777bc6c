package org.alcove.weights;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the key of a sealed model is to be had. */
public sealed interface KeyPlace {

    /** What begins the short form of a resource of the Confidential Data Hub. */
    String HUB = "cdh:";

    /** Nowhere: only plain models are opened. */
    record Nowhere() implements KeyPlace {
    }

    /** A file of 32 bytes, or of as many in hexadecimal digits or Base64. For development, and for sealing. */
    record InFile(Path file) implements KeyPlace {
    }

    /**
     * A resource of the Confidential Data Hub of this guest, which hands it out once a key broker trusts the guest.
     *
     * @param url on the loopback interface, {@code /cdh/resource/…}
     */
    record InHub(URI url) implements KeyPlace {
    }

    /**
     * Reads how a place is written in a configuration.
     *
     * @param text empty; {@code cdh:REPOSITORY/TYPE/TAG}; the URL of such a resource; or a file
     * @throws ModelFormatException if it is none of these; says what would be right
     */
    static KeyPlace of(String text) throws ModelFormatException {
        String place = text.strip();
        if (place.isEmpty()) {
            return new Nowhere();
        }
        if (place.startsWith(HUB)) {
            return hub(place, "http://127.0.0.1:8006/cdh/resource/" + place.substring(HUB.length()));
        }
        if (place.startsWith("http:") || place.startsWith("https:")) {
            return hub(place, place);
        }
        try {
            return new InFile(Path.of(place));
        } catch (InvalidPathException e) {
            throw new ModelFormatException("the key of the model is to be in " + place + ", which is no name of a file", e);
        }
    }

    private static KeyPlace hub(String place, String url) throws ModelFormatException {
        // A key is never fetched over a network: only from the guest's own Data Hub.
        Pattern right = Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?/cdh/resource(/[\\w-][\\w.-]*){3}");
        if (!right.matcher(url).matches()) {
            throw new ModelFormatException("the key of the model is to be at " + place + "; say a file, cdh:REPOSITORY/TYPE/TAG,"
                    + " or http://127.0.0.1:PORT/cdh/resource/REPOSITORY/TYPE/TAG");
        }
        return new InHub(URI.create(url));
    }
}
