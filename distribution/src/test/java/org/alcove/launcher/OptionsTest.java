package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @TempDir
    Path folder;
    Path model;
    Path keys;

    @BeforeEach
    void files() throws IOException {
        model = Files.writeString(folder.resolve("m.gguf"), "x");
        keys = Files.writeString(folder.resolve("keys"), "me:secret-of-some-length");
    }

    private Options parse(String... flags) {
        List<String> all = new ArrayList<>(List.of("--model", model.toString()));
        all.addAll(List.of(flags));
        return Options.parse(Role.SERVE, all, Optional.empty());
    }

    private static Options parse(Role role, String... flags) {
        return Options.parse(role, List.of(flags), Optional.empty());
    }

    private static String refusal(Options options) {
        return assertThrows(UsageException.class, options::requireSafety).getMessage();
    }

    @Test
    void bindsLoopbackUnlessToldOtherwise() {
        Options options = parse();
        assertEquals("127.0.0.1", options.binding().host());
        assertEquals(8080, options.binding().port());
        options.requireSafety();
    }

    @Test
    void allIsAnotherNameOfServe() {
        assertEquals(Optional.of(Role.SERVE), Role.of("all"));
        assertEquals(Optional.of(Role.SERVE), Role.of("serve"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --colour blue        | does not know '--colour'
            --port               | --port needs a value
            --port 70000         | a port is a number from 0 to 65535
            --port x             | a port is a number from 0 to 65535
            --host a --host b    | --host is given twice
            --model nowhere.gguf | --model is given twice
            --api-keys nowhere   | there is no such file
            --tls nowhere        | there is no such file
            """)
    void badFlagsAreRefusedWithTheReason(String flags, String reason) {
        String message = assertThrows(UsageException.class, () -> parse(flags.split(" "))).getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void aModelThatIsNotThereIsRefused() {
        List<String> flags = List.of("--model", folder.resolve("none.gguf").toString());
        String message = assertThrows(UsageException.class, () -> Options.parse(Role.SERVE, flags, Optional.empty()))
                .getMessage();
        assertTrue(message.contains("there is no such file or folder"), message);
    }

    @Test
    void whoNamesNoModelGetsTheOneThatComesWithAlcoveWhereThereIsOne() {
        assertEquals(Optional.of(model), Options.parse(Role.SERVE, List.of(), Optional.of(model)).model());
        String message = assertThrows(UsageException.class, () -> parse(Role.SERVE)).getMessage();
        assertTrue(message.contains("--model PATH"), message);
        assertEquals(Optional.empty(), Options.parse(Role.CONTROLLER, List.of(), Optional.of(model)).model());
    }

    @Test
    void otherMachinesNeedKeysAndTls() {
        String message = refusal(parse("--host", "0.0.0.0"));
        assertTrue(message.contains("--api-keys") && message.contains("--tls") && message.contains("--behind-tls-proxy"),
                message);
        assertTrue(refusal(parse("--host", "0.0.0.0", "--api-keys", keys.toString())).contains("--tls"));
        assertTrue(refusal(parse("--host", "0.0.0.0", "--tls", keys.toString())).contains("--api-keys"));
    }

    @Test
    void keysAndTlsOrAProxyAllowOtherMachines() {
        parse("--host", "0.0.0.0", "--api-keys", keys.toString(), "--tls", keys.toString()).requireSafety();
        parse("--host", "0.0.0.0", "--behind-tls-proxy").requireSafety();
    }

    @Test
    void keysThatWereMadeOnTheServerAllowOtherMachinesTooAndAreAskedForInAnyCase() throws IOException {
        String[] open = {"--host", "0.0.0.0", "--tls", keys.toString(), "--data", folder.toString()};
        assertTrue(refusal(parse(open)).contains("API keys"));
        Files.writeString(Files.createDirectories(folder.resolve("admin")).resolve("keys.json"), "{}");
        parse(open).requireSafety();
        assertEquals("true", RoleSettings.of(parse(open), 8080).get("alcove.keys.required"));
        assertEquals("false", RoleSettings.of(parse(), 8080).get("alcove.keys.required"));
        assertEquals("false", RoleSettings.of(parse("--host", "0.0.0.0", "--behind-tls-proxy"), 8080)
                .get("alcove.keys.required"));
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Binding binding = parse("--port", Integer.toString(taken.getLocalPort())).binding();
            assertTrue(assertThrows(UsageException.class, binding::keepPort).getMessage().contains("cannot be bound"));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPortIsKeptForTheServerThatListensThereLater() throws IOException {
        try (KeptPort kept = parse("--port", "0").binding().keepPort(); ServerSocket other = new ServerSocket();
                ServerSocket jetty = new ServerSocket()) {
            SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), kept.number());
            other.setReuseAddress(false);
            assertThrows(BindException.class, () -> other.bind(address));
            jetty.setReuseAddress(true);
            jetty.bind(address);
            kept.close();
            assertEquals(kept.number(), jetty.getLocalPort());
        }
    }

    @Test
    void theUrlIsOneThatPeopleCanOpen() {
        assertEquals("http://127.0.0.1:80", parse("--host", "0.0.0.0").binding().url(80));
        assertEquals("http://[::1]:80", parse("--host", "::1").binding().url(80));
        assertEquals("https://127.0.0.1:443", parse("--tls", keys.toString()).binding().url(443));
    }

    @Test
    void aClusterBeyondThisMachineNeedsTlsAndProofOfBelonging() {
        String secret = keys.toString();
        for (Role role : List.of(Role.CONTROLLER, Role.WORKER)) {
            List<String> flags = new ArrayList<>(List.of("--host", "0.0.0.0"));
            if (role == Role.WORKER) {
                flags.addAll(List.of("--controller", "https://c:1", "--model", model.toString()));
            }
            assertTrue(refusal(with(role, flags)).contains("needs TLS"));
            assertTrue(refusal(with(role, flags, "--cluster-secret", secret)).contains("needs TLS"));
            assertTrue(refusal(with(role, flags, "--tls", secret)).contains("--cluster-secret FILE"));
            assertTrue(refusal(with(role, flags, "--behind-tls-proxy")).contains("--cluster-secret FILE"));
            assertTrue(refusal(with(role, flags, "--tls", secret, "--trust-fastchat", "10.0.0.0/8")).contains("--cluster"));
            with(role, flags, "--tls", secret, "--cluster-secret", secret).requireSafety();
            with(role, flags, "--tls", secret, "--cluster-ca", secret).requireSafety();
            with(role, flags, "--behind-tls-proxy", "--cluster-secret", secret).requireSafety();
        }
    }

    private static Options with(Role role, List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return Options.parse(role, all, Optional.empty());
    }

    @Test
    void aControllerElsewhereIsNotToldThingsInTheClear() {
        assertTrue(refusal(parse(Role.API, "--controller", "http://192.0.2.1:21001")).contains("in the clear"));
        parse(Role.API, "--controller", "https://192.0.2.1:21001").requireSafety();
        parse(Role.API, "--controller", "http://127.0.0.1:21001").requireSafety();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            API        |                                 | api needs a controller
            API        | --model x                       | api does not know '--model'
            API        | --controller localhost:21001    | give scheme, host and port only
            API        | --controller http://c:1/path    | give scheme, host and port only
            CONTROLLER | --controller http://c:1         | controller does not know '--controller'
            WORKER     | --controller http://c:1         | worker needs a model
            SERVE      | --cluster-secret x              | serve does not know '--cluster-secret'
            WORKER     | --max-tokens-per-second 0       | a speed is a number from 1
            """)
    void eachRoleTakesItsOwnFlags(Role role, String flags, String reason) {
        List<String> all = flags == null ? List.of() : List.of(flags.strip().split(" "));
        String message = assertThrows(UsageException.class, () -> with(role, all)).getMessage();
        if (role == Role.WORKER && reason.startsWith("a speed")) {
            message = assertThrows(UsageException.class, () -> with(role, all, "--model", model.toString())).getMessage();
        }
        assertTrue(message.contains(reason), message);
    }

    @Test
    void aRoleLeavesOutTheConfigurationOfTheOthers() {
        String api = Role.API.configurationFilter();
        assertTrue("org.alcove.openai.config".matches(api) && "org.alcove.cluster.api.config".matches(api)
                && "org.alcove.core.config".matches(api) && "kernel-sym-int4.jar".matches(api));
        assertFalse("org.alcove.worker.model-default.config".matches(api) || "org.alcove.cluster.worker.config".matches(api)
                || "org.alcove.cluster.controller.config".matches(api));
        assertFalse("org.alcove.cluster.worker.config".matches(Role.SERVE.configurationFilter()));
        assertTrue("org.alcove.worker.model-b.config".matches(Role.WORKER.configurationFilter()));
        for (String left : List.of("org.alcove.worker.model-b.config", "org.alcove.worker.model-default.config",
                "org.apache.felix.http.config", "org.alcove.accounts.config")) {
            assertFalse(left.matches(Role.commandFilter()), left);
        }
        assertTrue("org.alcove.core.config".matches(Role.commandFilter()) && "kernel-sym-int4.jar".matches(Role.commandFilter()));
    }

    @Test
    void certificatesAreAskedOfTheClusterAndNotOfClients() {
        String file = keys.toString();
        List<String> cluster = List.of("--tls", file, "--cluster-ca", file);
        assertEquals("needs", RoleSettings.of(with(Role.CONTROLLER, cluster), 1).get("alcove.tls.clients"));
        assertEquals("wants", RoleSettings.of(with(Role.CONTROLLER, cluster, "--cluster-secret", file), 1)
                .get("alcove.tls.clients"));
        assertEquals("none", RoleSettings.of(with(Role.API, cluster, "--controller", "https://c:1"), 1)
                .get("alcove.tls.clients"));
        assertEquals("none", RoleSettings.of(with(Role.CONTROLLER, List.of()), 1).get("alcove.tls.clients"));
    }

    @Test
    void connectTakesItsServerWithoutAFlagAndNeedsAPolicy() throws IOException {
        Path policy = Files.createFile(folder.resolve("policy.json"));
        Options options = Options.parse(Role.CONNECT, List.of("https://c:8443", "--policy", policy.toString(), "--relayed"),
                Optional.empty());
        assertEquals(List.of(URI.create("https://c:8443")), options.connection().servers());
        assertEquals("true", RoleSettings.of(options, 1).get("alcove.connect.relayed"));
        assertThrows(UsageException.class, () -> Options.parse(Role.CONNECT, List.of("https://c:8443"), Optional.empty()));
        assertFalse("org.alcove.sealed.config".matches(Role.WORKER.configurationFilter()));
        assertTrue("org.alcove.sealed.config".matches(Role.API.configurationFilter()));
        assertFalse("org.alcove.connect.config".matches(Role.SERVE.configurationFilter()));
    }

    @Test
    void connectTakesSeveralServersAndEachOnce() throws IOException {
        String policy = Files.createFile(folder.resolve("policy.json")).toString();
        Options options = Options.parse(Role.CONNECT, List.of("https://c:8443", "http://d:8080", "--policy", policy),
                Optional.empty());
        assertEquals(List.of(URI.create("https://c:8443"), URI.create("http://d:8080")), options.connection().servers());
        assertEquals("https://c:8443 http://d:8080", RoleSettings.of(options, 1).get("alcove.connect.server"));
        assertTrue(Greeting.of(options, "u", 1).contains("It verifies https://c:8443, http://d:8080 and sends prompts"));
        String twice = assertThrows(UsageException.class, () -> Options.parse(Role.CONNECT,
                List.of("https://c:8443", "https://c:8443/", "--policy", policy), Optional.empty())).getMessage();
        assertTrue(twice.contains("twice"), twice);
        String later = assertThrows(UsageException.class, () -> Options.parse(Role.CONNECT,
                List.of("https://c:8443", "--policy", policy, "https://d:8443"), Optional.empty())).getMessage();
        assertTrue(later.contains("https://d:8443"), later);
    }

    @Test
    void evidenceComesFromASourceThatIsKnown() {
        assertEquals("tsm", RoleSettings.of(parse("--evidence", "tsm"), 1).get("alcove.evidence"));
        assertEquals("none", RoleSettings.of(parse(), 1).get("alcove.evidence"));
        assertThrows(UsageException.class, () -> parse("--evidence", "tdx"));
    }
}
