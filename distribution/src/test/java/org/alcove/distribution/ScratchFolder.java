package org.alcove.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Folders of tests inside a framework, which several tests of one JVM may share: they are deleted when it ends. */
final class ScratchFolder extends SimpleFileVisitor<Path> {

    private final Path folder;

    private ScratchFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes a folder. */
    static Path make(String name) throws IOException {
        // Nothing is loaded when the JVM ends: the bundle of the test is gone then.
        ScratchFolder scratch = new ScratchFolder(Files.createTempDirectory("alcove-" + name));
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::delete, "delete " + scratch.folder));
        return scratch.folder;
    }

    private void delete() {
        try {
            Files.walkFileTree(folder, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path left, IOException failure) throws IOException {
        Files.delete(left);
        return FileVisitResult.CONTINUE;
    }
}
