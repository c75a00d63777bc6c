package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.api.control.Command;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./alcove verify} on files. */
class VerifyCommandTest {
    private static final String POLICY = "{\"version\":1,%s\"measurements\":{" + Judged.ANY + ",\"report_data\":\"any\"}}";

    @TempDir
    private Path folder;
    private final FakePlatform platform = new FakePlatform();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        collateral(platform.collateral());
        Files.write(folder.resolve("quote"), platform.quote());
        Files.writeString(folder.resolve("policy.json"), POLICY.formatted("\"allow_mock\":true,"));
    }

    @Test
    void aRealQuoteIsJudgedAtTheTimeGiven() throws IOException {
        Recorded.needed();
        collateral(Recorded.set(Recorded.JUNE));
        Files.write(folder.resolve("quote"), Recorded.bytes("dcap-qvl/tdx_quote"));
        Files.writeString(folder.resolve("policy.json"), POLICY.formatted(""));
        Command genuine = new VerifyCommand(new TdxVerifier());
        assertEquals(0, run(genuine, arguments("--at", "2025-06-25T00:00:00Z")), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("TCB UpToDate\nGOOD\n"), this::said);
        assertEquals(1, run(genuine, arguments("--at", "2025-08-25T00:00:00Z")), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("REFUSED"), this::said);
    }

    @Test
    void withoutATimeItIsNow() {
        assertEquals(0, run(command(), arguments()), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("judged at 2026-06-01T12:00:00Z"), this::said);
    }

    @Test
    void jsonHoldsTheWholeVerdict() throws IOException {
        assertEquals(0, run(command(), arguments("--json")), this::said);
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        assertTrue(json.get("good").booleanValue());
        assertEquals("mock", json.get("kind").textValue());
        assertEquals(Item.values().length + 13, json.get("checks").size());
        assertEquals("passed", json.get("checks").get(2).get("result").textValue());
        assertTrue(json.get("measurements").get("mr_td").textValue().startsWith("11"));
        Files.write(folder.resolve("quote"), new byte[3]);
        assertEquals(1, run(command(), arguments("--json")), this::said);
        assertFalse(new ObjectMapper().readTree(out.toByteArray()).get("good").booleanValue());
    }

    @Test
    void anEventLogIsReplayed() throws Exception {
        Files.write(folder.resolve("log"), new EventLogTest.Log().event(1, 1, new byte[48]).bytes(0));
        assertEquals(1, run(command(), arguments("--event-log", folder.resolve("log").toString())), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("FAILED   event log"), this::said);
    }

    @Test
    void whatAServerAnsweredIsJudgedWorkerByWorkerForTheNonceThatWasSent() throws IOException {
        String nonce = "ab".repeat(32);
        String answer = answer(document(1), document(2));
        Files.writeString(folder.resolve("quote"), answer);
        assertEquals(0, run(command(), arguments("--nonce", nonce)), this::said);
        assertEquals(2, out.toString(StandardCharsets.UTF_8).split("judged at", -1).length - 1, this::said);
        assertEquals(2, run(command(), arguments("--nonce", "cd".repeat(32))), this::said);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(nonce + ", not for " + "cd".repeat(32) + ": it may be old"),
                this::said);
        Files.writeString(folder.resolve("quote"), answer(document(1), document(2).replace("02".repeat(32), "03".repeat(32))));
        assertEquals(1, run(command(), arguments("--nonce", nonce)), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("FAILED   report_data"), this::said);
        Files.writeString(folder.resolve("quote"), "{\"workers\":[{\"report\":{},\"problem\":\"none here\"}]}");
        assertEquals(2, run(command(), arguments()), this::said);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("a worker shows no evidence: none here"), this::said);
    }

    /** Evidence of a worker whose TLS key has the hash of 32 such bytes, for the nonce of bytes ab. */
    private String document(int tlsKey) {
        byte[] nonce = new byte[32];
        Arrays.fill(nonce, (byte) 0xab);
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) tlsKey);
        byte[] claims = {'{', '}'};
        EvidenceDocument unsigned = new EvidenceDocument(EvidenceDocument.Form.SHA512, nonce, key, new byte[32], claims,
                platform.evidence());
        platform.put(520, HexFormat.of().formatHex(unsigned.reportData()));
        return new String(new EvidenceDocument(EvidenceDocument.Form.SHA512, nonce, key, new byte[32], claims,
                platform.evidence()).json(), StandardCharsets.US_ASCII);
    }

    private static String answer(String... documents) {
        return "{\"workers\":[" + Stream.of(documents).map(document -> "{\"report\":{},\"evidence\":\""
                + Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.US_ASCII)) + "\"}")
                .collect(Collectors.joining(",")) + "]}";
    }

    @Test
    void wrongArgumentsAreTwo() {
        for (List<String> wrong : List.of(List.<String>of(), List.of("quote"), arguments("--at"), arguments("--at", "noon"),
                arguments("--unknown"), arguments("another"), arguments("--json", "--json"))) {
            assertEquals(2, run(command(), wrong), wrong::toString);
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("usage:") && out.size() == 0, this::said);
        }
        assertEquals(0, run(command(), List.of("--help")));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("usage: ./alcove verify QUOTE"), this::said);
    }

    @Test
    void whatIsWrongWithTheArgumentsIsSaid() {
        Map<List<String>, String> wrong = Map.of(
                List.of("--policy", "p", "--collateral", "c"), "QUOTE is needed, 0 words are given",
                List.of("q", "--collateral", "c"), "--policy is missing",
                arguments("--at", "noon"), "--at noon is no time like 2026-01-31T00:00:00Z",
                arguments("--nonce"), "--nonce needs a value", arguments("--jsno"), "there is no flag --jsno",
                arguments("--policy", "p"), "--policy is given twice");
        wrong.forEach((arguments, said) -> {
            assertEquals(2, run(command(), arguments), arguments::toString);
            assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("alcove verify: " + said + System.lineSeparator()),
                    this::said);
        });
    }

    @Test
    void filesThatCannotBeReadAreTwo() throws IOException {
        Files.delete(folder.resolve("collateral/pck_crl"));
        assertEquals(2, run(command(), arguments()), this::said);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("pck_crl is missing"), this::said);
        Files.writeString(folder.resolve("policy.json"), POLICY.formatted("\"allow_mocks\":true,"));
        assertEquals(2, run(command(), arguments()), this::said);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("allow_mocks"), this::said);
        Files.delete(folder.resolve("quote"));
        assertEquals(2, run(command(), arguments()), this::said);
    }

    @Test
    void onlyMockEvidenceIsJudgedWithoutCollateral() throws IOException {
        List<String> bare = List.of(folder.resolve("quote").toString(), "--policy", folder.resolve("policy.json").toString());
        assertEquals(2, run(command(), bare), this::said);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--collateral DIR is needed"), this::said);
        Files.write(folder.resolve("quote"), Evidence.mock(Map.of()).quote());
        assertEquals(0, run(command(), bare), this::said);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("MOCK"), this::said);
        Files.writeString(folder.resolve("policy.json"), POLICY.formatted(""));
        assertEquals(1, run(command(), bare), this::said);
    }

    private Command command() {
        return new VerifyCommand(new TdxVerifier(platform.trust()), Clock.fixed(FakePlatform.NOW, ZoneOffset.UTC));
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(folder.resolve("quote").toString(), "--collateral",
                folder.resolve("collateral").toString(), "--policy", folder.resolve("policy.json").toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private int run(Command command, List<String> arguments) {
        out.reset();
        err.reset();
        try {
            return command.run(arguments, new Command.Terminal(InputStream.nullInputStream(), new PrintStream(out, true),
                    new PrintStream(err, true), false));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private void collateral(Collateral all) throws IOException {
        Path to = Files.createDirectories(folder.resolve("collateral"));
        Files.write(to.resolve("tcb_info.json"), all.tcbInfo());
        Files.write(to.resolve("tcb_info_issuer_chain.pem"), all.tcbInfoChain());
        Files.write(to.resolve("qe_identity.json"), all.qeIdentity());
        Files.write(to.resolve("qe_identity_issuer_chain.pem"), all.qeIdentityChain());
        Files.write(to.resolve("root_ca_crl"), all.rootCrl());
        Files.write(to.resolve("pck_crl"), all.pckCrl());
    }
}
