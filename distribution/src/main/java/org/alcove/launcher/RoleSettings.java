package org.alcove.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the files in {@code conf/} refer to as {@code $[prop:…]}. */
final class RoleSettings {

    /** Megabytes that kept conversations may take, which may be given as {@code -D…}. */
    private static final String CONVERSATIONS = "alcove.conversations_megabytes";

    private RoleSettings() {
    }

    /** The framework's properties for these options. */
    static Map<String, String> of(Options options, int port) {
        Map<String, String> settings = new HashMap<>();
        settings.put("felix.fileinstall.filter", options.role().configurationFilter());
        settings.put("alcove.role", options.role().verb());
        settings.put("alcove.data", options.data().toString());
        settings.put("alcove.copies", Options.copies(Optional.of(options.data())).toString());
        settings.put("alcove.model.path", path(options.model()));
        settings.put("alcove.model.given", options.modelGiven() ? path(options.model()) : "");
        settings.put("alcove.model.key", options.modelKey());
        settings.put("alcove.model.name", options.name());
        settings.put("alcove.model.template", options.template());
        settings.put("alcove.model.max_tokens_per_second", Integer.toString(options.maxTokensPerSecond()));
        settings.put("alcove.keys.file", path(options.apiKeys()));
        settings.put("alcove.admin.keys.file", path(options.adminKeys()));
        settings.put("alcove.evidence", options.evidence());
        settings.putAll(options.sealing().settings());
        putConversations(options.role(), settings);
        putConnection(options.connection(), settings);
        putBinding(options.binding(), port, settings);
        putMembership(options, port, settings);
        return settings;
    }

    /**
     * Several API processes may answer the same page, each with a data folder of its own; of what one of them keeps, another
     * says that it is deleted. So these keep conversations only where they are told to.
     */
    private static void putConversations(Role role, Map<String, String> settings) {
        if (role == Role.API) {
            settings.put(CONVERSATIONS, System.getProperty(CONVERSATIONS, "0"));
        }
    }

    private static void putConnection(Connection connection, Map<String, String> settings) {
        settings.put("alcove.connect.server", String.join(" ", connection.servers().stream().map(URI::toString).toList()));
        settings.put("alcove.connect.policy", path(connection.policy()));
        settings.put("alcove.connect.collateral", path(connection.collateral()));
        settings.put("alcove.connect.key", path(connection.key()));
        settings.put("alcove.connect.relayed", Boolean.toString(connection.relayed()));
    }

    private static void putBinding(Binding binding, int port, Map<String, String> settings) {
        settings.put("alcove.host", binding.host());
        settings.put("alcove.port", Integer.toString(port));
        settings.put("alcove.open", Boolean.toString(binding.isOpen()));
        // Where a proxy checks who asks, keys are asked for only once there are some.
        settings.put("alcove.keys.required", Boolean.toString(binding.isOpen() && !binding.behindTlsProxy()));
        settings.put("alcove.reachable", Boolean.toString(binding.isOpen() || binding.behindTlsProxy()));
        settings.put("alcove.behind_tls_proxy", Boolean.toString(binding.behindTlsProxy()));
        settings.put("alcove.tls", Boolean.toString(binding.keystore().isPresent()));
        settings.put("alcove.plain", Boolean.toString(binding.keystore().isEmpty()));
        settings.put("alcove.tls.keystore", path(binding.keystore()));
        settings.put("alcove.tls.password", environment(Binding.KEYSTORE_PASSWORD));
    }

    private static void putMembership(Options options, int port, Map<String, String> settings) {
        Membership membership = options.membership();
        settings.put("alcove.controller", membership.controller().map(URI::toString).orElse(""));
        settings.put("alcove.advertise", membership.advertised().map(URI::toString)
                .orElseGet(() -> options.binding().url(port)));
        settings.put("alcove.cluster.secret", path(membership.secret()));
        settings.put("alcove.cluster.ca", path(membership.authority()));
        settings.put("alcove.cluster.ca.password", environment(Membership.AUTHORITY_PASSWORD));
        // The HTTP service wants a store of those it trusts, whether or not it asks clients for certificates.
        settings.put("alcove.tls.truststore", path(membership.authority().or(options.binding()::keystore)));
        settings.put("alcove.tls.truststore.password",
                environment(membership.authority().isPresent() ? Membership.AUTHORITY_PASSWORD : Binding.KEYSTORE_PASSWORD));
        settings.put("alcove.tls.clients", clientCertificates(options));
        settings.put("alcove.cluster.trust", membership.trusted());
        settings.put("alcove.worker.policy", path(membership.workerPolicy()));
        settings.put("alcove.worker.collateral", path(membership.workerCollateral()));
    }

    /** Clients of an API process have keys; in a cluster, one without a certificate may still know the secret. */
    private static String clientCertificates(Options options) {
        Membership membership = options.membership();
        if (options.role().hasClients() || membership.authority().isEmpty()) {
            return "none";
        }
        return membership.secret().isPresent() ? "wants" : "needs";
    }

    private static String environment(String variable) {
        return System.getenv().getOrDefault(variable, "");
    }

    private static String path(Optional<Path> path) {
        return path.map(Path::toString).orElse("");
    }
}
