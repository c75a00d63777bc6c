package org.alcove.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which server {@code ./alcove connect} verifies, and how.
 *
 * @param server where it answers
 * @param policy which machines are accepted
 * @param collateral folder with what Intel says of platforms
 * @param key file with the API key that the server wants
 * @param relayed whether its workers stand behind another process that speaks TLS for them
 */
record Connection(Optional<URI> server, Optional<Path> policy, Optional<Path> collateral, Optional<Path> key, boolean relayed) {

    static final String RELAYED = "--relayed";
    private static final String SERVER = "--server";
    private static final Connection NONE =
            new Connection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** The address comes first and without a flag. */
    static List<String> named(Role role, List<String> arguments) {
        return role != Role.CONNECT || arguments.isEmpty() || arguments.getFirst().startsWith("-") ? arguments
                : Stream.concat(Stream.of(SERVER), arguments.stream()).toList();
    }

    /** Flags that take a value. */
    static List<String> valued() {
        return List.of(SERVER, "--policy", "--collateral", "--server-key");
    }

    /** Reads what the role needs of it. */
    static Connection of(Role role, Flags flags) {
        if (role != Role.CONNECT) {
            return NONE;
        }
        Optional<URI> server = flags.text(SERVER).map(value -> Membership.address(SERVER, value));
        Optional<Path> policy = flags.file("--policy");
        if (server.isEmpty() || policy.isEmpty()) {
            throw new UsageException("connect needs a server and a policy: ./alcove connect https://HOST:PORT --policy FILE");
        }
        return new Connection(server, policy, flags.readable("--collateral"), flags.file("--server-key"), flags.has(RELAYED));
    }
}
