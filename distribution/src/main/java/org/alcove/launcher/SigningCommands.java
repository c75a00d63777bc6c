package org.alcove.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code ./alcove sign} and {@code ./alcove digest}: what sealed policies are made of. */
final class SigningCommands {

    private static final String NEW_KEY = "--new-key";
    private static final String KEY = "--key";
    private static final String P256 = "--p256";
    private static final String NAME = "--name";
    private static final String JSON = "--json";

    private final PrintStream out;

    SigningCommands(PrintStream out) {
        this.out = out;
    }

    /** Makes a key, or signs a jar; the exit status. */
    int sign(List<String> arguments) throws IOException {
        boolean file = !arguments.isEmpty() && !arguments.getFirst().startsWith("-");
        Flags flags = Flags.parse("sign", file ? arguments.subList(1, arguments.size()) : arguments,
                Set.of(NEW_KEY, KEY, NAME), Set.of(P256));
        try {
            if (!file && flags.has(NEW_KEY) && !flags.has(KEY)) {
                newKey(Flags.absolute(flags.text(NEW_KEY, "")), flags.has(P256), flags.text(NAME, "release"));
            } else if (file && flags.has(KEY) && !flags.has(NEW_KEY) && !flags.has(NAME) && !flags.has(P256)) {
                sign(Flags.file("", arguments.getFirst()), BundleSignature.privateKey(flags.file(KEY).orElseThrow()));
            } else {
                throw new UsageException("say sign JAR --key FILE, or sign --new-key FILE [--p256] [--name NAME]");
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java cannot sign so: " + e.getMessage(), e);
        }
        return 0;
    }

    private void newKey(Path file, boolean p256, String name) throws GeneralSecurityException, IOException {
        KeyPair pair = BundleSignature.generate(p256);
        WholeFile.create(file, BundleSignature.pem(pair.getPrivate()));
        out.println("signer " + name + " " + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
    }

    private void sign(Path jar, PrivateKey key) throws GeneralSecurityException, IOException {
        JarFile read = JarFile.read(jar);
        Path signature = jar.resolveSibling(jar.getFileName() + BundleSignature.SUFFIX);
        WholeFile.write(signature, BundleSignature.sign(read.digest(), key));
        out.println(line("plugin", read));
    }

    /** Lists the bundles of a home, or jars, as lines of a sealed policy or as a list for a client's policy; the exit status. */
    int digest(List<String> arguments) throws IOException {
        Flags flags = Flags.parse("digest", arguments.stream().filter(word -> word.startsWith("-")).toList(), Set.of(),
                Set.of(JSON));
        List<Path> jars = arguments.stream().filter(word -> !word.startsWith("-")).map(word -> Flags.file("", word)).toList();
        String kind = jars.isEmpty() ? "bundle" : "plugin";
        List<JarFile> read = new ArrayList<>();
        for (Path jar : jars.isEmpty() ? product(Home.ofProcess()) : jars) {
            read.add(JarFile.read(jar));
        }
        if (flags.has(JSON)) {
            out.println(read.stream().map(jar -> "\"" + jar.digest() + "\"")
                    .collect(Collectors.joining(",\n  ", "[\n  ", "\n]")));
            return 0;
        }
        if (jars.isEmpty()) {
            out.println(SealedPolicy.HEADER);
        }
        read.forEach(jar -> out.println(line(kind, jar)));
        return 0;
    }

    /** Everything that the product brings: its own folder, and the plug-ins in the box. */
    private static List<Path> product(Home home) {
        List<Path> files = new ArrayList<>();
        home.levels().forEach(level -> files.addAll(Home.list(level)));
        Home.list(home.plugins()).stream().filter(file -> file.toString().endsWith(".jar")
                && !Files.exists(file.resolveSibling(file.getFileName() + BundleSignature.SUFFIX))).forEach(files::add);
        return files;
    }

    private static String line(String kind, JarFile jar) {
        return kind + " " + jar.name() + " " + jar.version() + " " + SealedPolicy.ALGORITHM + jar.digest();
    }
}
