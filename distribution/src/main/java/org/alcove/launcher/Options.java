package org.alcove.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a process that serves was asked for.
 *
 * @param role what it is for
 * @param model GGUF file or Hugging Face folder, plain or sealed, for roles that have one
 * @param modelGiven whether a flag names it; otherwise it is the one that comes with Alcove
 * @param modelKey where the key of a sealed model is: a file, or a resource of the Data Hub; empty for a plain one
 * @param name name by which requests ask for the model; empty for the file's name
 * @param template name of the conversation template; empty for the model's own
 * @param maxTokensPerSecond most tokens a second that its model computes; 0 for no limit
 * @param binding where it listens
 * @param data folder for what outlives the process
 * @param apiKeys file of API keys
 * @param adminKeys file of the keys of those who run the server
 * @param membership how it belongs to a cluster
 * @param evidence how it shows where it runs: none, tsm, agent or mock
 * @param connection which servers it verifies
 * @param sealing what may run in it, where it is sealed
 */
record Options(Role role, Optional<Path> model, boolean modelGiven, String modelKey, String name, String template,
        int maxTokensPerSecond, Binding binding, Path data, Optional<Path> apiKeys, Optional<Path> adminKeys,
        Membership membership, String evidence, Connection connection, Sealing sealing) {

    private static final String BEHIND_PROXY = "--behind-tls-proxy";
    private static final Set<String> EVIDENCE = Set.of("none", "tsm", "agent", "mock");
    private static final int MOST_PORT = 65_535;

    /**
     * Reads the flags.
     *
     * @param demo the model that comes with Alcove, for who names none
     * @throws UsageException if a flag is unknown, repeated, or lacks its value, or a value is out of range
     */
    static Options parse(Role role, List<String> arguments, Optional<Path> demo) {
        Set<String> plain = role == Role.CONNECT ? Set.of(BEHIND_PROXY, Connection.RELAYED) : Set.of(BEHIND_PROXY);
        Flags flags = Flags.parse(role.verb(), Connection.named(role, arguments), valued(role), plain);
        int port = flags.number("--port", role.port(), 0, MOST_PORT, "a port");
        Binding binding = new Binding(flags.text("--host", "127.0.0.1"), port, flags.file("--tls"), flags.has(BEHIND_PROXY));
        return new Options(role, model(role, flags, demo), flags.has("--model"), modelKey(flags), flags.text("--name", ""),
                flags.text("--template", ""),
                flags.number("--max-tokens-per-second", 0, 1, Integer.MAX_VALUE, "a speed"), binding,
                data(role, flags, port), flags.file("--api-keys"), flags.file("--admin-keys"), Membership.of(role, flags),
                evidence(flags), Connection.of(role, flags), Sealing.of(flags));
    }

    private static Set<String> valued(Role role) {
        Set<String> valued = new HashSet<>(Set.of("--host", "--port", "--data", "--tls", "--admin-keys"));
        valued.addAll(Sealing.VALUED);
        if (role.hasModel()) {
            valued.addAll(Set.of("--model", "--model-key", "--name", "--template", "--max-tokens-per-second", "--evidence"));
        }
        if (role.hasClients()) {
            valued.add("--api-keys");
        }
        if (role == Role.CONNECT) {
            valued.addAll(Connection.valued());
        }
        if (role.isClustered()) {
            valued.addAll(Set.of("--cluster-secret", "--cluster-ca"));
        }
        if (role.hasController()) {
            valued.add("--controller");
        }
        if (role == Role.WORKER) {
            valued.add("--advertise");
        }
        if (role == Role.WORKER || role == Role.CONTROLLER) {
            valued.add("--trust-fastchat");
        }
        if (role == Role.CONTROLLER) {
            valued.addAll(Set.of("--worker-policy", "--worker-collateral"));
        }
        return valued;
    }

    private static String evidence(Flags flags) {
        String source = flags.text("--evidence", "none");
        if (!EVIDENCE.contains(source)) {
            throw new UsageException("--evidence " + source + ": say none, tsm, agent or mock");
        }
        return source;
    }

    private static Optional<Path> model(Role role, Flags flags, Optional<Path> demo) {
        if (!role.hasModel()) {
            return Optional.empty();
        }
        Optional<Path> model = flags.readable("--model").or(() -> demo);
        if (model.isEmpty()) {
            throw new UsageException(role.verb()
                    + " needs a model: --model PATH of a GGUF file or of a Hugging Face folder");
        }
        return model;
    }

    private static String modelKey(Flags flags) {
        String place = flags.text("--model-key", "");
        boolean inHub = place.startsWith("cdh:") || place.startsWith("http:");
        return place.isEmpty() || inHub ? place : flags.file("--model-key").orElseThrow().toString();
    }

    /** Several workers of a machine differ in their ports, so each has a folder of its own. */
    private static Path data(Role role, Flags flags, int port) {
        if (flags.has("--data")) {
            return Flags.absolute(flags.text("--data", ""));
        }
        return role != Role.SERVE ? ownFolder().resolve(role.verb() + "-" + port) : ownFolder();
    }

    /** What all processes of a person share where nothing else is said. */
    private static Path ownFolder() {
        String base = System.getenv("XDG_DATA_HOME");
        Path root = base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(base);
        return root.resolve("alcove");
    }

    /**
     * Where copies of weights are kept: in one place for all processes of a person, commands too, but in the data folder where
     * {@code --data} named one.
     *
     * @param data the data folder; absent for a command
     */
    static Path copies(Optional<Path> data) {
        return data.filter(folder -> !folder.startsWith(ownFolder())).orElse(ownFolder()).resolve("copies");
    }

    /**
     * Refuses what would put prompts on a network in the clear, or open the process to strangers.
     *
     * @throws UsageException with the reason and what to do
     */
    void requireSafety() {
        if (membership.tellsInTheClear() && !binding.behindTlsProxy()) {
            throw new UsageException("--controller " + membership.controller().orElseThrow()
                    + " is reached over a network in the clear; give its https:// address or, where a proxy on this machine"
                    + " encrypts, " + BEHIND_PROXY);
        }
        if (!binding.isOpen()) {
            return;
        }
        if (role.hasClients()) {
            requireKeys();
        } else {
            requireGuard();
        }
    }

    /**
     * Opens the files of certificates as the HTTP service will, which would only log that it cannot.
     *
     * @param environment with their passwords
     * @return its own, where it speaks TLS
     * @throws UsageException if one cannot be opened, or is of no use
     */
    Optional<OwnCertificate> certificate(Map<String, String> environment) {
        membership.authority().ifPresent(file -> OwnCertificate.requireAuthority(file,
                environment.getOrDefault(Membership.AUTHORITY_PASSWORD, "")));
        return binding.keystore().map(file -> OwnCertificate.read(file,
                environment.getOrDefault(Binding.KEYSTORE_PASSWORD, "")));
    }

    private void requireKeys() {
        if (binding.behindTlsProxy() || hasKeys() && binding.keystore().isPresent()) {
            return;
        }
        String keys = hasKeys() ? "" : "API keys (--api-keys FILE, or made on the console's page Keys while only this machine can"
                + " reach it)";
        String tls = binding.keystore().isPresent() ? "" : "TLS (--tls FILE.p12)";
        throw new UsageException("--host " + binding.host() + " is reachable from other machines, which needs " + keys
                + (keys.isEmpty() || tls.isEmpty() ? "" : " and ") + tls
                + "; or, where a proxy in front terminates TLS and checks who asks, " + BEHIND_PROXY);
    }

    /** Whether anybody could be let in: the doors ask for a key in any case, also where those made here are all revoked. */
    private boolean hasKeys() {
        return apiKeys.isPresent() || Files.isRegularFile(data.resolve(DataFolder.ADMIN).resolve("keys.json"));
    }

    /** A proxy may encrypt for us, but who belongs to the cluster is ours to tell. */
    private void requireGuard() {
        if (!binding.isPrivate()) {
            throw new UsageException("--host " + binding.host() + " is reachable from other machines, which needs TLS"
                    + " (--tls FILE.p12); or, where a proxy in front terminates it, " + BEHIND_PROXY);
        }
        boolean guarded = binding.behindTlsProxy() ? membership.secret().isPresent() : membership.isGuarded();
        if (!guarded) {
            throw new UsageException("--host " + binding.host() + " is reachable from other machines, which needs a secret that"
                    + " the cluster shares (--cluster-secret FILE)"
                    + (binding.behindTlsProxy() ? "" : " or an authority for certificates (--cluster-ca FILE.p12)"));
        }
    }
}
