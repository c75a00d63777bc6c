package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.connect.ConnectContent;

/** A jar of the launcher's class path, as the content of a bundle. */
final class BuiltInContent implements ConnectContent {

    private final Path file;
    /** Null while it is closed. */
    private ZipFile jar;

    BuiltInContent(Path file) {
        this.file = file;
    }

    @Override
    public synchronized void open() throws IOException {
        if (jar == null) {
            jar = new ZipFile(file.toFile());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (jar != null) {
            jar.close();
            jar = null;
        }
    }

    /** None: the framework then reads the manifest among the entries. */
    @Override
    public Optional<Map<String, String>> getHeaders() {
        return Optional.empty();
    }

    @Override
    public Iterable<String> getEntries() throws IOException {
        return opened().stream().map(ZipEntry::getName).toList();
    }

    @Override
    public Optional<ConnectEntry> getEntry(String path) {
        try {
            ZipFile opened = opened();
            return Optional.ofNullable(opened.getEntry(path)).map(entry -> new Entry(opened, entry));
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<ClassLoader> getClassLoader() {
        return Optional.of(BuiltInContent.class.getClassLoader());
    }

    private synchronized ZipFile opened() throws IOException {
        if (jar == null) {
            throw new IOException(file + " is closed");
        }
        return jar;
    }

    private record Entry(ZipFile jar, ZipEntry entry) implements ConnectEntry {

        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.getInputStream(entry);
        }
    }
}
