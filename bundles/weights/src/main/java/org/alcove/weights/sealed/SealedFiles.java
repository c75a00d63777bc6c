package org.alcove.weights.sealed;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files in a sealed model as a file system that is only read, so that whoever reads model files reads these alike. Paths are
 * those of the sealed file and what is in it: {@code /models/m.sealed/m.gguf}, {@code /models/m.sealed/m/config.json}.
 */
final class SealedFiles extends FileSystem {

    private final SealedContents contents;
    private final Path root;
    private final Optional<Path> folder;
    private final Map<Path, Range> files = new LinkedHashMap<>();
    private final SealedProvider provider = new SealedProvider(this);

    /** Where a file lies among the plain bytes. */
    record Range(long offset, long bytes) {
    }

    SealedFiles(SealedContents contents, SealedHeader header, Path file) {
        this.contents = contents;
        this.root = file.toAbsolutePath().normalize();
        this.folder = header.folder() ? Optional.of(root.resolve(header.model())) : Optional.empty();
        long[] offsets = header.offsets();
        for (int i = 0; i < header.files().size(); i++) {
            SealedHeader.Entry entry = header.files().get(i);
            files.put(folder.orElse(root).resolve(entry.name()), new Range(offsets[i], entry.bytes()));
        }
    }

    SealedContents contents() {
        return contents;
    }

    Path root() {
        return new SealedPath(this, root);
    }

    /** Where a file lies; empty where there is none. */
    Optional<Range> file(Path path) {
        return Optional.ofNullable(files.get(key(path)));
    }

    boolean isFolder(Path path) {
        Path key = key(path);
        return key.equals(root) || folder.isPresent() && key.equals(folder.get());
    }

    /** The files of a folder. */
    List<Path> list(Path path) {
        return files.keySet().stream().filter(file -> file.getParent().equals(key(path))).<Path>map(this::path).toList();
    }

    private static Path key(Path path) {
        return ((SealedPath) path).inner().toAbsolutePath().normalize();
    }

    SealedPath path(Path inner) {
        return inner == null ? null : new SealedPath(this, inner);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public Path getPath(String first, String... more) {
        return path(Path.of(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(((SealedPath) path).inner());
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return FileSystems.getDefault().getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
