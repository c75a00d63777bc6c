package org.alcove.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which servers {@code ./alcove connect} verifies, and how.
 *
 * @param servers where they answer
 * @param policy which machines are accepted
 * @param collateral folder with what Intel says of platforms
 * @param key file with the API key that the servers want
 * @param relayed whether their workers stand behind another process that speaks TLS for them
 */
record Connection(List<URI> servers, Optional<Path> policy, Optional<Path> collateral, Optional<Path> key, boolean relayed) {

    static final String RELAYED = "--relayed";
    private static final String SERVER = "--server";
    private static final Connection NONE =
            new Connection(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** The addresses come first and without a flag. */
    static List<String> named(Role role, List<String> arguments) {
        List<String> addresses = arguments.stream().takeWhile(word -> !word.startsWith("-")).toList();
        return role != Role.CONNECT || addresses.isEmpty() ? arguments
                : Stream.concat(Stream.of(SERVER, String.join(" ", addresses)),
                        arguments.subList(addresses.size(), arguments.size()).stream()).toList();
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
        List<URI> servers = servers(flags.text(SERVER, ""));
        Optional<Path> policy = flags.file("--policy");
        if (servers.isEmpty() || policy.isEmpty()) {
            throw new UsageException("connect needs a server and a policy: ./alcove connect https://HOST:PORT --policy FILE");
        }
        return new Connection(servers, policy, flags.readable("--collateral"), flags.file("--server-key"), flags.has(RELAYED));
    }

    private static List<URI> servers(String addresses) {
        List<URI> servers = new ArrayList<>();
        for (String address : addresses.split(" ")) {
            if (!address.isEmpty()) {
                servers.add(Membership.address(SERVER, address));
            }
        }
        if (new HashSet<>(servers).size() < servers.size()) {
            throw new UsageException("connect is given an address twice: " + addresses);
        }
        return List.copyOf(servers);
    }
}
