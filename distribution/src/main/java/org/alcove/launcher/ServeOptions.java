package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code ./alcove serve} was asked for.
 *
 * @param model GGUF file or Hugging Face folder
 * @param name name by which requests ask for the model; empty for the file's name
 * @param template name of the conversation template; empty for the model's own
 * @param host address to bind
 * @param port port to bind; 0 for any free one
 * @param data folder for what outlives the process
 * @param apiKeys file of API keys
 * @param keystore PKCS#12 file with the server's certificate and key
 * @param behindTlsProxy whether something else terminates TLS in front of us
 */
record ServeOptions(Path model, String name, String template, String host, int port, Path data, Optional<Path> apiKeys,
        Optional<Path> keystore, boolean behindTlsProxy) {

    /** Environment variable with the password of the keystore: command lines are visible to others. */
    static final String KEYSTORE_PASSWORD = "ALCOVE_TLS_PASSWORD";

    private static final Set<String> VALUED =
            Set.of("--model", "--name", "--template", "--host", "--port", "--data", "--api-keys", "--tls");
    private static final String BEHIND_PROXY = "--behind-tls-proxy";

    /**
     * Reads the flags.
     *
     * @throws UsageException if a flag is unknown, repeated, or lacks its value, or a value is out of range
     */
    static ServeOptions parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        boolean behindProxy = false;
        for (int i = 0; i < arguments.size(); i++) {
            String flag = arguments.get(i);
            if (flag.equals(BEHIND_PROXY)) {
                behindProxy = true;
                continue;
            }
            if (!VALUED.contains(flag)) {
                throw new UsageException("serve does not know '" + flag + "'; './alcove --help' lists its flags");
            }
            if (i + 1 == arguments.size()) {
                throw new UsageException(flag + " needs a value");
            }
            if (values.put(flag, arguments.get(++i)) != null) {
                throw new UsageException(flag + " is given twice");
            }
        }
        return new ServeOptions(model(values.get("--model")), values.getOrDefault("--name", ""),
                values.getOrDefault("--template", ""), values.getOrDefault("--host", "127.0.0.1"),
                port(values.getOrDefault("--port", "8080")), data(values.get("--data")), file(values, "--api-keys"),
                file(values, "--tls"), behindProxy);
    }

    private static Path model(String value) {
        if (value == null) {
            throw new UsageException("serve needs a model: --model PATH of a GGUF file or of a Hugging Face folder");
        }
        Path path = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isReadable(path)) {
            throw new UsageException("--model " + value + ": there is no such file or folder, or it cannot be read");
        }
        return path;
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new UsageException("--port " + value + ": a port is a number from 0 to 65535");
    }

    private static Path data(String value) {
        if (value != null) {
            return Path.of(value).toAbsolutePath().normalize();
        }
        String base = System.getenv("XDG_DATA_HOME");
        Path root = base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(base);
        return root.resolve("alcove");
    }

    private static Optional<Path> file(Map<String, String> values, String flag) {
        String value = values.get(flag);
        if (value == null) {
            return Optional.empty();
        }
        Path path = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new UsageException(flag + " " + value + ": there is no such file, or it cannot be read");
        }
        return Optional.of(path);
    }

    /**
     * Refuses what would put prompts on a network in the clear, or open the server to strangers.
     *
     * @throws UsageException with the reason and what to do
     */
    void requireSafeBinding() {
        InetAddress address = address();
        if (address.isLoopbackAddress() || behindTlsProxy) {
            return;
        }
        if (apiKeys.isEmpty() || keystore.isEmpty()) {
            String missing = apiKeys.isEmpty() && keystore.isEmpty() ? "API keys (--api-keys FILE) and TLS (--tls FILE.p12)"
                    : apiKeys.isEmpty() ? "API keys (--api-keys FILE)" : "TLS (--tls FILE.p12)";
            throw new UsageException("--host " + host + " is reachable from other machines, which needs " + missing
                    + "; or, where a proxy in front terminates TLS and checks who asks, " + BEHIND_PROXY);
        }
    }

    /**
     * The port to bind: the one asked for if it is free, or a free one where any will do. Checked before anything is started,
     * because the HTTP service itself would only log that its port is taken.
     */
    int freePort() {
        try {
            return freePort(address(), port);
        } catch (IOException taken) {
            throw new UsageException("--port " + port + " of " + host + " cannot be bound (" + taken.getMessage()
                    + "); stop what uses it or choose another --port");
        }
    }

    /** A port if it is free; any free one for 0. */
    static int freePort(InetAddress address, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
            return probe.getLocalPort();
        }
    }

    /** The address of {@link #host}. */
    InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new UsageException("--host " + host + " is not an address of this machine");
        }
    }

    /** Where the server answers, as people type it. */
    String url(int boundPort) {
        String name = address().isAnyLocalAddress() ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return (keystore.isPresent() ? "https://" : "http://") + name + ":" + boundPort;
    }
}
