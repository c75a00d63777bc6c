package org.alcove.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs programs of the machine that builds. */
final class Tool {

    private Tool() {
    }

    /**
     * Runs one to its end.
     *
     * @return what it wrote on both of its outputs
     * @throws ImageException with what it said if it fails or is not there
     */
    static String run(Path folder, List<String> command) throws ImageException, InterruptedException {
        String output;
        int status;
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            status = process.waitFor();
        } catch (IOException absent) {
            throw new ImageException(command.getFirst() + " cannot be run (" + absent.getMessage()
                    + "); the image is built on Debian 12, with apt and dpkg");
        }
        if (status != 0) {
            throw new ImageException(String.join(" ", command) + " ended with " + status + ":\n" + output.strip());
        }
        return output;
    }
}
