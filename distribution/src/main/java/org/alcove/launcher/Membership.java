package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a process belongs to a cluster.
 *
 * @param controller where the controller answers, for workers and API processes
 * @param advertised under which address others reach this process; absent for the one it binds
 * @param secret file of the secret that all processes of the cluster share
 * @param authority PKCS#12 file with the certificate of the authority that signed those of all processes
 * @param trusted addresses from which FastChat's processes are admitted without a secret, as CIDR blocks; may be empty
 * @param workerPolicy which machines a controller admits as workers; absent to ask them for no evidence
 * @param workerCollateral folder with what Intel says of these machines
 */
record Membership(Optional<URI> controller, Optional<URI> advertised, Optional<Path> secret, Optional<Path> authority,
        String trusted, Optional<Path> workerPolicy, Optional<Path> workerCollateral) {

    /** Environment variable with the password of the authority's file. */
    static final String AUTHORITY_PASSWORD = "ALCOVE_CA_PASSWORD";

    private static final int FEWEST_SECRET_CHARACTERS = 16;
    private static final int MOST_SECRET_BYTES = 4096;

    /** Reads what the role needs of it. */
    static Membership of(Role role, Flags flags) {
        Optional<URI> controller = flags.text("--controller").map(value -> address("--controller", value));
        if (role.hasController() && controller.isEmpty()) {
            throw new UsageException(role.verb() + " needs a controller: --controller http://HOST:21001");
        }
        return new Membership(controller, flags.text("--advertise").map(value -> address("--advertise", value)),
                secret(flags), flags.file("--cluster-ca"), flags.text("--trust-fastchat", ""),
                flags.file("--worker-policy"), collateral(flags));
    }

    /** Judged by the rules of the room {@code cluster}, which would only log what is wrong, and the process would go on. */
    private static Optional<Path> secret(Flags flags) {
        Optional<Path> file = flags.file("--cluster-secret");
        file.ifPresent(it -> {
            try {
                requireSecret("--cluster-secret " + it, it);
            } catch (IOException unreadable) {
                throw new UsageException("--cluster-secret " + it + " cannot be read: " + unreadable.getMessage());
            }
        });
        return file;
    }

    private static void requireSecret(String origin, Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MOST_SECRET_BYTES) {
            throw new UsageException(origin + " has " + bytes + " bytes, at most " + MOST_SECRET_BYTES
                    + " are read; give a file that holds the secret alone");
        }
        String secret = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        if (secret.length() < FEWEST_SECRET_CHARACTERS) {
            throw new UsageException(origin + " holds a secret of " + secret.length() + " characters; at least "
                    + FEWEST_SECRET_CHARACTERS + " are needed, write a longer one (openssl rand -base64 32)");
        }
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new UsageException(origin + " must hold one line of printable ASCII characters without spaces; write such a"
                    + " secret (openssl rand -base64 32)");
        }
    }

    private static Optional<Path> collateral(Flags flags) {
        Optional<Path> folder = flags.readable("--worker-collateral");
        if (folder.isPresent() && !flags.has("--worker-policy")) {
            throw new UsageException("--worker-collateral " + folder.get() + " is of no use without --worker-policy FILE");
        }
        return folder;
    }

    /** An address of another process: scheme, host and port. */
    static URI address(String flag, String value) {
        try {
            URI uri = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null
                    && uri.getRawFragment() == null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // told below, with the same words as another address that is none
        }
        throw new UsageException(flag + " " + value + ": give scheme, host and port only, for example http://127.0.0.1:21001");
    }

    /** Whether what the controller is told goes over a network in the clear. */
    boolean tellsInTheClear() {
        return controller.filter(uri -> uri.getScheme().equals("http") && !isLoopback(uri.getHost())).isPresent();
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Whether others can prove that they belong. */
    boolean isGuarded() {
        return secret.isPresent() || authority.isPresent();
    }
}
