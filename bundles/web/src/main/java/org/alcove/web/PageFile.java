package org.alcove.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** One file: its bytes, the same compressed, and a tag that changes with the content. */
final class PageFile {

    private final byte[] plain;
    private final byte[] gzip;
    private final String hash;

    private PageFile(byte[] plain) {
        this.plain = plain;
        this.gzip = compress(plain);
        this.hash = hash(plain);
    }

    static Function<String, PageFile> reader(byte[] bytes) {
        return name -> new PageFile(bytes);
    }

    /** Fonts and tiny files are not. */
    boolean isSmallerCompressed() {
        return gzip.length < plain.length;
    }

    byte[] bytes(boolean compressed) {
        return compressed ? gzip : plain;
    }

    /** A strong tag: the two forms differ in their bytes, so they differ in their tags. */
    String tag(boolean compressed) {
        return '"' + hash + (compressed ? "-gzip" : "") + '"';
    }

    private static byte[] compress(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("memory was not written", e);
        }
        return out.toByteArray();
    }

    private static String hash(byte[] plain) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
            return HexFormat.of().formatHex(digest, 0, digest.length / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
