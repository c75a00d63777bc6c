package org.alcove.nativelibrary;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A native library that a bundle carries as a resource, mapped from {@link #open} to {@link #close}. The component that opens it
 * keeps it in a final field and closes it when it is deactivated; a call after that throws {@link IllegalStateException} instead
 * of running code that is gone.
 */
public final class NativeLibrary implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private final String name;
    private final Arena arena;
    private final SymbolLookup symbols;

    private NativeLibrary(String name, Arena arena, SymbolLookup symbols) {
        this.name = name;
        this.arena = arena;
        this.symbols = symbols;
    }

    /**
     * Opens a library, if the bundle was built with it and this machine can load it. Where it cannot, the log says why (at
     * level debug where the library was not built); the caller then leaves the work to another tier. Whether the processor has
     * the instructions in it is the caller's question.
     *
     * @param beside a class of the package that the library lies in
     * @param name file name of the resource, for example {@code avx2.so}
     */
    public static Optional<NativeLibrary> open(Class<?> beside, String name) {
        try (InputStream bytes = beside.getResourceAsStream(name)) {
            if (bytes == null) {
                LOG.debug("{} has no {}: the build had no C compiler that knows it, or was made for a machine that uses others",
                        beside.getPackageName(), name);
                return Optional.empty();
            }
            return Optional.of(open(bytes, name));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} of {} cannot be opened and is not used; does the folder for temporary files ({}) allow programs?",
                    name, beside.getPackageName(), System.getProperty("java.io.tmpdir"), e);
            return Optional.empty();
        }
    }

    private static NativeLibrary open(InputStream bytes, String name) throws IOException {
        Path folder = Files.createTempDirectory("alcove-native-", onlyOwner());
        Path file = folder.resolve(name);
        Arena arena = Arena.ofShared();
        try {
            Files.copy(bytes, file);
            return new NativeLibrary(name, arena, SymbolLookup.libraryLookup(file, arena));
        } catch (IOException | IllegalArgumentException e) {
            arena.close();
            throw e;
        } finally {
            // What is mapped needs no name.
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static FileAttribute<?>[] onlyOwner() {
        boolean posix = Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
    }

    /**
     * A handle that calls a function of the library. Calls through it fail once the library is closed, and it cannot be closed
     * during one.
     *
     * @throws IllegalStateException if the library has no such function
     */
    public MethodHandle function(String function, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address = symbols.find(function).orElseThrow(
                () -> new IllegalStateException(name + " has no function " + function + "; build the bundle from scratch"));
        return Linker.nativeLinker().downcallHandle(address, type, options);
    }

    /**
     * What to throw where a call through a handle threw. A native function throws nothing itself: it is about its arguments or
     * the closed library.
     */
    public static RuntimeException failure(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException("a native call failed: " + thrown.getMessage(), thrown);
        };
    }

    /** Unmaps the library. */
    @Override
    public void close() {
        arena.close();
    }
}
