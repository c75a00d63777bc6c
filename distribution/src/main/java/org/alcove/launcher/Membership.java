package org.alcove.launcher;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
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

    /** Reads what the role needs of it. */
    static Membership of(Role role, Flags flags) {
        Optional<URI> controller = flags.text("--controller").map(value -> address("--controller", value));
        if (role.hasController() && controller.isEmpty()) {
            throw new UsageException(role.verb() + " needs a controller: --controller http://HOST:21001");
        }
        return new Membership(controller, flags.text("--advertise").map(value -> address("--advertise", value)),
                flags.file("--cluster-secret"), flags.file("--cluster-ca"), flags.text("--trust-fastchat", ""),
                flags.file("--worker-policy"), collateral(flags));
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
