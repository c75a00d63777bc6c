package org.alcove.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;

/**
 * The bytes of a bundle, read once: what is digested is what is installed.
 *
 * @param bytes of the jar
 * @param digest SHA-256, in hex
 * @param name symbolic name
 * @param version as its manifest says
 * @param fragment symbolic name of the bundle it belongs to; empty for a bundle of its own
 */
record JarFile(byte[] bytes, String digest, String name, String version, String fragment) {

    /**
     * Reads one.
     *
     * @throws IOException if it is no bundle
     */
    static JarFile read(Path file) throws IOException {
        return of(Files.readAllBytes(file), file.toString());
    }

    static JarFile of(byte[] bytes, String from) throws IOException {
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(bytes), false)) {
            Manifest manifest = jar.getManifest();
            String name = manifest == null ? "" : word(manifest.getMainAttributes(), "Bundle-SymbolicName");
            if (name.isEmpty()) {
                throw new IOException(from + " is no bundle: it has no manifest that names it");
            }
            String version = word(manifest.getMainAttributes(), "Bundle-Version");
            return new JarFile(bytes, Digests.sha256(bytes), name, version.isEmpty() ? "0.0.0" : version,
                    word(manifest.getMainAttributes(), "Fragment-Host"));
        }
    }

    /** What stands before the first semicolon; nothing that would break a line of an event log. */
    private static String word(Attributes attributes, String header) {
        String value = attributes.getValue(header);
        return value == null ? "" : value.split(";", 2)[0].strip().replaceAll("[^A-Za-z0-9._-]", "?");
    }

    /** Whether it would become a part of the framework itself, below every rule about bundles. */
    boolean extendsFramework() {
        return fragment.equals("system.bundle") || fragment.equals("org.apache.felix.framework");
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
