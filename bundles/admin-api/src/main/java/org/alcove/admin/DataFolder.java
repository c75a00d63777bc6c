package org.alcove.admin;

import java.io.IOException;
import java.nio.file.Path;
import org.alcove.accounts.PrivateFile;
import org.osgi.framework.BundleContext;

/** Where the administration keeps what must outlive the process. */
final class DataFolder {

    private DataFolder() {
    }

    /** The folder {@code admin} of the server's data folder, which the launcher names. */
    static Path of(BundleContext context) {
        String data = context.getProperty("alcove.data");
        return Path.of(data == null ? "data" : data).resolve("admin");
    }

    /** Writes a file whole or not at all. */
    static void write(Path file, byte[] bytes) throws IOException {
        PrivateFile.write(file, bytes);
    }
}
