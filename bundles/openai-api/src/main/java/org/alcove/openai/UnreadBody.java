package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** The rest of a body that is refused before it was read to its end. */
record UnreadBody(HttpServletRequest request) {

    private static final int MOST_BYTES = 64 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int PORTION = 1 << 16;

    /** Whether there is one. Who asks before it sends has not been asked to, and is not asked to here. */
    boolean isThere() throws IOException {
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        return hasBody && (request.getHeader("Expect") != null || !request.getInputStream().isFinished());
    }

    /**
     * Reads it and throws it away, within bounds: many clients read no answer before they have sent all, and a connection that is
     * closed while something comes in on it loses the answer.
     */
    void discard() {
        long end = System.nanoTime() + LONGEST.toNanos();
        byte[] portion = new byte[PORTION];
        try {
            InputStream in = request.getInputStream();
            long bytes = 0;
            int read = 0;
            while (read >= 0 && bytes < MOST_BYTES && System.nanoTime() - end < 0) {
                read = in.read(portion);
                bytes += read;
            }
        } catch (IOException gone) {
            // Nothing more comes, which is as well.
        }
    }
}
