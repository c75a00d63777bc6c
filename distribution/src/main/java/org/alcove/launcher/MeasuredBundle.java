package org.alcove.launcher;

import java.util.Map;

/**
 * A bundle that was admitted.
 *
 * @param signer who signed it; empty for a part of the product
 */
record MeasuredBundle(String name, String version, String digest, String signer) {

    /** Domain and operation of its event. */
    static final String DOMAIN = "org.alcove";
    static final String OPERATION = "bundle";

    static MeasuredBundle of(JarFile jar, String signer) {
        return new MeasuredBundle(jar.name(), jar.version(), jar.digest(), signer);
    }

    /** What the event says behind domain and operation. */
    String content() {
        return name + " " + version + " " + SealedPolicy.ALGORITHM + digest + (signer.isEmpty() ? "" : " " + signer);
    }

    /** As bundles of this process are told of it. */
    Map<String, String> told() {
        return Map.of("name", name, "version", version, "sha256", digest, "signer", signer);
    }
}
