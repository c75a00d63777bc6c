package org.alcove.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file, one per line: {@code name:key}, or {@code name:sha256:HEX} with the SHA-256 of the key, so that the file
 * need not hold it. Blank lines and lines that begin with # are skipped. The file is read again when it changes. A file that
 * cannot be read, or has a line that makes no sense, lets nobody in.
 */
public final class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9._@-]{1,64}):(?:sha256:([0-9a-fA-F]{64})|(?!sha256:)(\\S+))");
    private static final String SCHEME = "bearer ";
    /** To who brings none. */
    static final String MISSING = "no API key: send the header Authorization: Bearer KEY";
    /** To who brings one that nobody knows. */
    static final String UNKNOWN = "the API key is not known here; ask the one who runs this server for a key";

    private final Path file;
    private volatile Loaded loaded;

    /** A key's name and the SHA-256 of the key. */
    private record Key(String name, byte[] hash) {
    }

    /** The state of the file when it was read, and its keys; empty where it made no sense. */
    private record Loaded(String stamp, Optional<List<Key>> keys) {
    }

    /** Whose key was presented. */
    public sealed interface Bearer {

        /** The holder of the key of this name. */
        record Known(String name) implements Bearer {
        }

        /** Nobody known. The message is for the person who asked. */
        record Denied(String message) implements Bearer {
        }

        /** Not to be told: the file makes no sense, and the log says why. */
        record Unreadable() implements Bearer {
        }
    }

    /** The keys of a file as a configuration names it; nothing where it names none. */
    public static Optional<ApiKeys> of(String file) {
        return file.isBlank() ? Optional.empty() : Optional.of(new ApiKeys(Path.of(file.strip())));
    }

    /** Keys of this file, which need not be there yet. */
    public ApiKeys(Path file) {
        this.file = file;
    }

    /**
     * Whose key the header {@code Authorization: Bearer KEY} presents. Every key is compared, each in constant time.
     *
     * @param authorization value of the header, or null where there was none
     */
    public Bearer bearer(String authorization) {
        Optional<String> presented = presented(authorization);
        if (presented.isEmpty()) {
            return new Bearer.Denied(MISSING);
        }
        Optional<List<Key>> keys = current();
        if (keys.isEmpty()) {
            return new Bearer.Unreadable();
        }
        byte[] hash = sha256(presented.get());
        String name = null;
        for (Key key : keys.get()) {
            name = MessageDigest.isEqual(hash, key.hash()) ? key.name() : name;
        }
        return name != null ? new Bearer.Known(name) : new Bearer.Denied(UNKNOWN);
    }

    /** The key in the header {@code Authorization: Bearer KEY}; empty where there is none, or the value is null. */
    public static Optional<String> presented(String authorization) {
        return authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? Optional.empty()
                : Optional.of(authorization.substring(SCHEME.length()).strip());
    }

    private Optional<List<Key>> current() {
        String stamp = stamp();
        Loaded seen = loaded;
        if (seen == null || !seen.stamp().equals(stamp)) {
            seen = new Loaded(stamp, read());
            loaded = seen;
        }
        return seen.keys();
    }

    private String stamp() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException absent) {
            return "absent";
        }
    }

    private Optional<List<Key>> read() {
        List<Key> keys = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                Matcher matcher = LINE.matcher(text);
                if (!matcher.matches()) {
                    LOG.error("{} line {}: expected name:key or name:sha256:HEX; nobody is let in until it is right", file,
                            number);
                    return Optional.empty();
                }
                byte[] hash = matcher.group(2) == null ? sha256(matcher.group(3)) : HexFormat.of().parseHex(matcher.group(2));
                keys.add(new Key(matcher.group(1), hash));
            }
        } catch (IOException e) {
            LOG.error("API keys cannot be read from {}; nobody is let in until they can: {}", file, e.toString());
            return Optional.empty();
        }
        LOG.info("{} API keys read from {}", keys.size(), file);
        return Optional.of(List.copyOf(keys));
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
