package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** The password that the first start makes for the console. It lies in a private file until it is printed here, once. */
final class FirstPassword {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private FirstPassword() {
    }

    /**
     * The words that tell it, empty where there is none; then it is nowhere else any more.
     *
     * @param data the data folder
     * @param url where the server answers
     */
    static String take(Path data, String url) {
        Path folder = data.resolve(DataFolder.ADMIN);
        Path file = folder.resolve("first-password");
        // The room of accounts starts beside the others and may be later than the first answer.
        long limit = System.nanoTime() + LONGEST_NANOS;
        while (!Files.exists(folder.resolve("accounts.json")) && System.nanoTime() < limit) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (!Files.exists(file)) {
            return "";
        }
        try {
            String password = Files.readString(file).strip();
            Files.delete(file);
            return "The console is at " + url + "/admin/ for the name admin with the password " + password
                    + "\nIt is not shown again; './alcove reset-password --data " + data + "' makes another one.\n\n";
        } catch (IOException e) {
            LoggerFactory.getLogger(FirstPassword.class).warn("The first password of the console cannot be read from {}: {}",
                    file, e.toString());
            return "";
        }
    }
}
