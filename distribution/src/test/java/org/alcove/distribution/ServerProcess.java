package org.alcove.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server started by the script, as a person would start it; stopped with SIGTERM. Where any port will do it gets one that is
 * kept for it until this is closed: what looks for a free one may find it taken by the time it listens, since others look too.
 */
final class ServerProcess implements AutoCloseable {

    /** With which a process ends that SIGTERM ended. */
    static final int SIGTERM_STATUS = 143;

    private static final Pattern READY = Pattern.compile("Alcove answers at (\\S+)");
    private static final int START_SECONDS = 300;
    private static final long POLL_NANOS = 20_000_000;
    private static final int STOP_SECONDS = 180;

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final CompletableFuture<String> url = new CompletableFuture<>();
    private final Thread reader;

    private final ReservedPort port;

    private ServerProcess(Process process, ReservedPort port) {
        this.process = process;
        this.port = port;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Starts {@code home/alcove serve} with a free port and waits until it says that it is ready. */
    static ServerProcess serve(Path home, Path data, String... flags) throws IOException {
        return start(home, data, Map.of(), flags).awaitReady();
    }

    /** Starts it and does not wait. */
    static ServerProcess start(Path home, Path data, Map<String, String> environment, String... flags) throws IOException {
        List<String> all = new ArrayList<>(List.of("--data", data.toString(), "--port", "0"));
        all.addAll(List.of(flags));
        return launch(home, "serve", environment, all);
    }

    /** Starts any verb that serves, with these flags and no others, and does not wait. */
    static ServerProcess launch(Path home, String verb, Map<String, String> environment, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("alcove").toString(), verb));
        command.addAll(flags);
        ReservedPort port = new ReservedPort();
        int any = command.indexOf("--port") + 1;
        if (any > 0 && command.get(any).equals("0")) {
            command.set(any, Integer.toString(port.number()));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start(), port);
    }

    /** Waits until it says that it is ready. */
    ServerProcess awaitReady() {
        try {
            url.get(START_SECONDS, TimeUnit.SECONDS);
            return this;
        } catch (ExecutionException | TimeoutException failed) {
            close();
            throw new AssertionError("the server did not become ready; it wrote:\n" + output, failed);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    url.complete(ready.group(1));
                }
            }
            url.completeExceptionally(new IOException("the process ended"));
        } catch (IOException e) {
            url.completeExceptionally(e);
        }
    }

    /** Where it answers, without a slash at the end. */
    String url() {
        return url.join();
    }

    /** What it wrote so far, both streams. */
    String output() {
        return output.toString();
    }

    /** Waits until it has written some text. */
    void awaitOutput(String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!output().contains(text)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not write '" + text + "', but:\n" + output());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Its number. */
    long pid() {
        return process.pid();
    }

    /** Sends a signal by its name, for example {@code STOP}. */
    void signal(String name) throws IOException {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
            if (status != 0) {
                throw new IOException("kill -" + name + " ended with " + status);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it at once, as a power failure would. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Sends SIGTERM and waits for the end; its exit status. */
    int terminate() {
        process.destroy();
        return awaitEnd();
    }

    /** Waits until the process ends by itself; its exit status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not end within " + STOP_SECONDS + " s; it wrote:\n" + output);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
        port.close();
    }
}
