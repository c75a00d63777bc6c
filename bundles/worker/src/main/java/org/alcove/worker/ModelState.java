package org.alcove.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells one state of a model from another without reading its files: of each file in its folder, of each part where it is
 * split, or of its one file. The time of a folder alone tells nothing of files that are overwritten where they lie.
 */
record ModelState(Map<Path, Stamp> files) {

    private static final Pattern PART = Pattern.compile("(.+-)\\d{5}(-of-\\d{5}\\.gguf)");

    /**
     * State of one file.
     *
     * @param key what tells it from another file that had its name before; null where the system does not say
     */
    record Stamp(Object key, long size, FileTime changed) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.fileKey(), now.size(), now.lastModifiedTime());
        }
    }

    /**
     * That of a model now.
     *
     * @throws IOException if it is not there
     */
    static ModelState of(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            return all(model, Files::isRegularFile);
        }
        Matcher part = PART.matcher(model.getFileName().toString());
        if (part.matches()) {
            return all(model.toAbsolutePath().getParent(), file -> file.getFileName().toString().startsWith(part.group(1))
                    && file.toString().endsWith(part.group(2)) && Files.isRegularFile(file));
        }
        return new ModelState(Map.of(model, Stamp.of(model)));
    }

    private static ModelState all(Path folder, DirectoryStream.Filter<Path> wanted) throws IOException {
        Map<Path, Stamp> files = new HashMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, wanted)) {
            for (Path file : found) {
                files.put(file, Stamp.of(file));
            }
        }
        return new ModelState(Map.copyOf(files));
    }
}
