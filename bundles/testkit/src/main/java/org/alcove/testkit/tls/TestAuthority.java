package org.alcove.testkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority for one test: its certificate, and certificates it signed, as the PKCS#12 files that processes are given. */
public final class TestAuthority {

    /** Of all files. */
    public static final String PASSWORD = "only for tests";

    private static final String CA = "ca";

    private final Path folder;
    private final Path all;

    /**
     * Makes the authority.
     *
     * @param folder for its files
     */
    public TestAuthority(Path folder) throws IOException {
        this.folder = folder;
        this.all = folder.resolve("authority.p12");
        keytool("-genkeypair", "-alias", CA, "-dname", "CN=Authority of a test", "-ext", "bc:c");
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30", "-storetype", "PKCS12",
                "-storepass", PASSWORD, "-keystore", all.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool ended with " + process.exitValue() + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static Path write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** The authority's certificate, for those who shall trust it. */
    public Path certificate() throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        store.setCertificateEntry(CA, read(all).getCertificate(CA));
        return write(store, folder.resolve("ca.p12"));
    }

    /**
     * A certificate with its key.
     *
     * @param name of the file
     * @param names whom the certificate is for, as keytool spells them: {@code dns:localhost}, {@code ip:127.0.0.1}
     */
    public Path issue(String name, String... names) throws IOException, GeneralSecurityException {
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-signer", CA, "-ext", "san=" + String.join(",", names));
        KeyStore made = read(all);
        KeyStore store = empty();
        store.setKeyEntry(name, made.getKey(name, PASSWORD.toCharArray()), PASSWORD.toCharArray(),
                made.getCertificateChain(name));
        return write(store, folder.resolve(name + ".p12"));
    }

    /** SHA-256 of the public key (SPKI) in a file that was issued here, in small hexadecimal digits. */
    public static String keyHash(Path issued) throws IOException, GeneralSecurityException {
        KeyStore store = read(issued);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(store.getCertificate(store.aliases().nextElement()).getPublicKey().getEncoded()));
    }

    /** TLS of one who shows a certificate that was issued here, and trusts this authority alone. */
    public SSLContext context(Path issued) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(read(issued), PASSWORD.toCharArray());
        return context(keys.getKeyManagers());
    }

    /** TLS of one who shows nothing, and trusts this authority alone. */
    public SSLContext stranger() throws IOException, GeneralSecurityException {
        return context(new KeyManager[0]);
    }

    private SSLContext context(KeyManager[] keys) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(read(certificate()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }
}
