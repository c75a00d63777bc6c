package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedPolicyTest {

    @TempDir
    Path folder;

    private static JarFile jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name + ";singleton:=true");
        manifest.getMainAttributes().putValue("Bundle-Version", "1.2.3");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return JarFile.of(bytes.toByteArray(), name);
    }

    private static SealedPolicy policy(String... lines) {
        return SealedPolicy.parse((SealedPolicy.HEADER + "\n" + String.join("\n", lines)).getBytes(StandardCharsets.UTF_8), "it");
    }

    private static String signer(String name, KeyPair pair) {
        return "signer " + name + " " + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static String plugin(JarFile jar) {
        return "plugin " + jar.name() + " " + jar.version() + " sha256:" + jar.digest();
    }

    private static Optional<byte[]> signature(JarFile jar, KeyPair pair) throws Exception {
        return Optional.of(BundleSignature.sign(jar.digest(), pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
    }

    /** The policy that the manifests of confidential guests bring, until somebody fills it. */
    @Test
    void thePlaceholderOfTheManifestsIsRefusedByName() {
        Path placeholder = Path.of("kubernetes", "tdx", "sealed.policy");
        String told = assertThrows(UsageException.class, () -> SealedPolicy.read(placeholder)).getMessage();
        assertTrue(told.contains(placeholder + " is a placeholder") && told.contains("./alcove digest > sealed.policy"), told);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSignedAndListedPluginIsAdmittedWithTheNameOfItsSigner(boolean p256) throws Exception {
        JarFile jar = jar("some.plugin");
        KeyPair pair = BundleSignature.generate(p256);
        SealedPolicy policy = policy(signer("other", BundleSignature.generate(false)), signer("release", pair), plugin(jar));
        assertEquals("release", policy.requirePlugin(jar, signature(jar, pair)));
        assertEquals("some.plugin 1.2.3", jar.toString());
    }

    @Test
    void unsignedForeignSignedAndUnlistedPluginsAreRefusedWithTheReason() throws Exception {
        JarFile jar = jar("some.plugin");
        JarFile other = jar("other.plugin");
        KeyPair pair = BundleSignature.generate(false);
        SealedPolicy policy = policy(signer("release", pair), plugin(jar));
        refused(() -> policy.requirePlugin(jar, Optional.empty()), "is not signed");
        refused(() -> policy.requirePlugin(jar, signature(jar, BundleSignature.generate(false))), "by none of the 1 signers");
        refused(() -> policy.requirePlugin(jar, signature(other, pair)), "by none of the 1 signers");
        refused(() -> policy.requirePlugin(jar, Optional.of("no base64 §".getBytes(StandardCharsets.UTF_8))), "by none");
        refused(() -> policy.requirePlugin(other, signature(other, pair)), "not listed");
        refused(() -> policy.requirePart(jar), "not listed");
    }

    private static void refused(org.junit.jupiter.api.function.Executable attempt, String reason) {
        String told = assertThrows(SecurityException.class, attempt).getMessage();
        assertTrue(told.contains(reason), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundle a 1 sha256:abc", "bundle a 1", "signer a b", "allow all", "plugin a 1 md5:00"})
    void aLineThatCannotBeReadIsRefusedWithItsNumber(String line) {
        String told = assertThrows(UsageException.class, () -> policy("# fine", line)).getMessage();
        assertTrue(told.contains("line 3"), told);
    }

    @Test
    void aSignatureMadeByTheCommandVerifies() throws Exception {
        Path file = Files.write(folder.resolve("x.jar"), jar("some.plugin").bytes());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SigningCommands commands = new SigningCommands(new java.io.PrintStream(out, true, StandardCharsets.UTF_8));
        commands.sign(List.of("--new-key", folder.resolve("key.pem").toString()));
        commands.sign(List.of(file.toString(), "--key", folder.resolve("key.pem").toString()));
        SealedPolicy policy = policy(out.toString(StandardCharsets.UTF_8).split("\n"));
        Optional<byte[]> signature = Optional.of(Files.readAllBytes(folder.resolve("x.jar.sig")));
        assertEquals("release", policy.requirePlugin(JarFile.read(file), signature));
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("key.pem"))));
    }

    /** The value is the one that the Attestation Agent's own tests expect of this event. */
    @Test
    void anEventHasTheDigestThatTheAttestationAgentGivesIt() {
        assertEquals("dad5f0e226318ffa9839b75a472c6aa7fdb5834949d0a0a22990cf04d5692440fb00f3aa0609db7e49cd8d793f670d02",
                HexFormat.of().formatHex(Digests.hash("SHA-384", EventRegister.data("domain", "operation", "content"))));
    }
}
