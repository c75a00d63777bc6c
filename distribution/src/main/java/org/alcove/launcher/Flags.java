package org.alcove.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flags after a verb, each at most once. */
final class Flags {

    private final Map<String, String> values;

    private Flags(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads them.
     *
     * @param valued flags that take a value
     * @param plain flags that take none
     * @throws UsageException if one is unknown, repeated, or lacks its value
     */
    static Flags parse(String verb, List<String> arguments, Set<String> valued, Set<String> plain) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String flag = arguments.get(i);
            String value = "";
            if (valued.contains(flag)) {
                if (i + 1 == arguments.size()) {
                    throw new UsageException(flag + " needs a value");
                }
                value = arguments.get(++i);
            } else if (!plain.contains(flag)) {
                throw new UsageException(verb + " does not know '" + flag + "'; './alcove --help' lists its flags");
            }
            if (values.put(flag, value) != null) {
                throw new UsageException(flag + " is given twice");
            }
        }
        return new Flags(values);
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    String text(String flag, String preset) {
        return values.getOrDefault(flag, preset);
    }

    Optional<String> text(String flag) {
        return Optional.ofNullable(values.get(flag));
    }

    /** A whole number within bounds. */
    int number(String flag, int preset, int least, int most, String what) {
        String value = values.get(flag);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new UsageException(flag + " " + value + ": " + what + " is a number from " + least + " to " + most);
    }

    /** A file that can be read. */
    Optional<Path> file(String flag) {
        return text(flag).map(value -> file(flag + " ", value));
    }

    /**
     * A file that can be read.
     *
     * @param before what stands before its name in the message
     */
    static Path file(String before, String value) {
        Path path = absolute(value);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new UsageException(before + value + ": there is no such file, or it cannot be read");
        }
        return path;
    }

    /** A file or a folder that can be read. */
    Optional<Path> readable(String flag) {
        return text(flag).map(value -> {
            Path path = absolute(value);
            if (!Files.isReadable(path)) {
                throw new UsageException(flag + " " + value + ": there is no such file or folder, or it cannot be read");
            }
            return path;
        });
    }

    static Path absolute(String value) {
        return Path.of(value).toAbsolutePath().normalize();
    }
}
