package org.alcove.image;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the image is made from and where it goes.
 *
 * @param home the built distribution
 * @param lock which packages of Debian
 * @param work folder for what is made on the way
 * @param out the archive to write
 * @param packages whether Debian's packages are the locked ones
 */
record Arguments(Path home, Path lock, Path work, Path out, Packages packages) {

    /** Which versions of Debian's packages to take. */
    enum Packages {
        /** Those of the lock file, or none. */
        LOCKED,
        /** Those that Debian has now; the lock file stays. */
        CURRENT,
        /** Those that Debian has now, which are locked from now on. */
        UPDATED
    }

    /**
     * Reads them: {@code --home DIR --lock FILE --work DIR}, then what people give, {@code [--out FILE.tar]
     * [--current-packages | --update-packages]}.
     */
    static Arguments parse(List<String> words) throws ImageException {
        Map<String, String> values = new HashMap<>();
        Packages packages = Packages.LOCKED;
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--current-packages" -> packages = Packages.CURRENT;
                case "--update-packages" -> packages = Packages.UPDATED;
                case "--home", "--lock", "--work", "--out" -> {
                    if (i + 1 == words.size()) {
                        throw new ImageException(words.get(i) + " needs a value");
                    }
                    values.put(words.get(i), words.get(++i));
                }
                default -> throw new ImageException("image does not know '" + words.get(i)
                        + "'; it takes --out FILE.tar, --current-packages and --update-packages");
            }
        }
        Path work = path(values, "--work");
        Path out = values.containsKey("--out") ? path(values, "--out") : work.resolve("alcove-image.tar");
        if (!out.toString().endsWith(".tar")) {
            throw new ImageException("--out " + out + ": give the name of an archive, FILE.tar");
        }
        return new Arguments(path(values, "--home"), path(values, "--lock"), work, out, packages);
    }

    private static Path path(Map<String, String> values, String flag) throws ImageException {
        String value = values.get(flag);
        if (value == null) {
            throw new ImageException(flag + " is missing; start this by ./alcove image");
        }
        return Path.of(value).toAbsolutePath().normalize();
    }
}
