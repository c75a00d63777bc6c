package org.alcove.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** The password that the first start makes for the console. It lies in a private file until it is printed here, once. */
final class FirstPassword {

    private FirstPassword() {
    }

    /**
     * The words that tell it, empty where there is none; then it is nowhere else any more.
     *
     * @param data the data folder
     * @param url where the server answers
     */
    static String take(Path data, String url) {
        Path file = data.resolve("admin").resolve("first-password");
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
