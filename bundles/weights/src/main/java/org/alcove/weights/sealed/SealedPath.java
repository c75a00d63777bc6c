package org.alcove.weights.sealed;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * A path in a sealed model.
 *
 * @param files where it leads
 * @param inner how it is spelled, as a path of the machine's own files
 */
record SealedPath(SealedFiles files, Path inner) implements Path {

    private static Path plain(Path other) {
        return other instanceof SealedPath sealed ? sealed.inner : other;
    }

    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return inner.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return files.path(inner.getRoot());
    }

    @Override
    public Path getFileName() {
        return files.path(inner.getFileName());
    }

    @Override
    public Path getParent() {
        return files.path(inner.getParent());
    }

    @Override
    public int getNameCount() {
        return inner.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return files.path(inner.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
        return files.path(inner.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return inner.startsWith(plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return inner.endsWith(plain(other));
    }

    @Override
    public Path normalize() {
        return files.path(inner.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return files.path(inner.resolve(plain(other)));
    }

    @Override
    public Path relativize(Path other) {
        return files.path(inner.relativize(plain(other)));
    }

    @Override
    public URI toUri() {
        return inner.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return files.path(inner.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return inner.compareTo(plain(other));
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
