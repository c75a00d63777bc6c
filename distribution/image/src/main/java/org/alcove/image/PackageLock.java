package org.alcove.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that says which packages of Debian go into the image: a line each, name, version and SHA-256; {@code #} begins a
 * comment.
 *
 * @param packages in the order of the file
 */
record PackageLock(List<DebianPackage> packages) {

    private static final String HEAD = "# The Debian packages of the image: name, version, SHA-256 of the archive."
            + " ./alcove image --update-packages writes this file.\n";

    /** @throws ImageException naming the line that makes no sense */
    static PackageLock read(Path file) throws IOException, ImageException {
        List<DebianPackage> packages = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.strip().split("\\s+");
            try {
                if (parts.length != 3) {
                    throw new IllegalArgumentException(parts.length + " words instead of 3");
                }
                packages.add(new DebianPackage(parts[0], parts[1], parts[2]));
            } catch (IllegalArgumentException malformed) {
                throw new ImageException(file + " line " + number + ": " + malformed.getMessage()
                        + "; a line is NAME VERSION SHA256");
            }
        }
        return new PackageLock(List.copyOf(packages));
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (DebianPackage it : packages) {
            text.append(it.name()).append(' ').append(it.version()).append(' ').append(it.sha256()).append('\n');
        }
        Files.writeString(file, text);
    }
}
