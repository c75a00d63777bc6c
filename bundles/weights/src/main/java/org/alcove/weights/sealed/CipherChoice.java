package org.alcove.weights.sealed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.Optional;
import java.util.function.Supplier;
import org.conscrypt.Conscrypt;

/**
 * Whose AES-256-GCM is used for a sealed model: Conscrypt's, which is native code and as fast with the first chunk as with the
 * last, or the JDK's where that cannot be loaded, which has the processor's instructions only once its code was optimised. Both
 * write and read the same.
 *
 * @param problem why it is not Conscrypt's
 */
record CipherChoice(Provider provider, Optional<String> problem) {

    /** Where Conscrypt puts its library to load it from; it looks once, when its classes are loaded. */
    private static final String LIBRARY_FOLDER = "org.conscrypt.native.workdir";

    /** The fastest that works here. The first call in a process loads the library, for a tenth of a second or two. */
    static CipherChoice fastest() {
        return orJdk(CipherChoice::conscrypt);
    }

    /** What is given or, where it fails, the JDK's. */
    static CipherChoice orJdk(Supplier<Provider> fast) {
        try {
            return new CipherChoice(fast.get(), Optional.empty());
        } catch (LinkageError | RuntimeException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            return new CipherChoice(ChunkCipher.jdk(), Optional.of(reason.toString()));
        }
    }

    /** By a folder that only the owner can look into, as all such are, and that is gone when the library is loaded. */
    private static synchronized Provider conscrypt() {
        if (System.getProperty(LIBRARY_FOLDER) != null) {
            return Conscrypt.newProvider();
        }
        try {
            Path folder = Files.createTempDirectory("alcove-cipher-");
            System.setProperty(LIBRARY_FOLDER, folder.toString());
            try {
                return Conscrypt.newProvider();
            } finally {
                System.clearProperty(LIBRARY_FOLDER);
                // Conscrypt has deleted what was in it: what is mapped needs no name.
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
