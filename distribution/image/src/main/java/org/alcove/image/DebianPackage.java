package org.alcove.image;

import java.util.regex.Pattern;

/**
 * A package of Debian, exactly.
 *
 * @param name of the binary package
 * @param version with epoch and revision
 * @param sha256 of the archive, 64 hex digits
 */
record DebianPackage(String name, String version, String sha256) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.+:~-]*");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException naming the part that makes no sense */
    DebianPackage {
        require(NAME, name, "name");
        require(VERSION, version, "version");
        require(DIGEST, sha256, "SHA-256");
    }

    private static void require(Pattern pattern, String value, String what) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is no " + what + " of a package");
        }
    }

    /** By which scanners know it. */
    String purl() {
        return "pkg:deb/debian/" + name + "@" + version.replace("+", "%2B") + "?arch=amd64&distro=debian-12";
    }
}
