package org.alcove.weights.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What tells one state of a file from another without reading it: device, inode, size, time of the last change. */
record FileIdentity(String text) {

    /** That of a file now; none where the system does not say. */
    static Optional<FileIdentity> of(Path file) {
        try {
            Map<String, Object> values = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime");
            return Optional.of(new FileIdentity(new TreeMap<>(values).toString()));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
