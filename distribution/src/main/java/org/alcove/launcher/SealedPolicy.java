package org.alcove.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may run in a sealed process, and nothing else. A text of lines, {@code #} begins a comment:
 *
 * <pre>
 * alcove sealed policy 1
 * signer NAME BASE64        public key (SPKI) of somebody who may sign plug-ins: Ed25519, or ECDSA on P-256
 * bundle NAME VERSION sha256:HEX    part of the product, admitted as it is
 * plugin NAME VERSION sha256:HEX    admitted where one of the signers has signed it
 * </pre>
 *
 * Only digests are compared; names and versions are there for people.
 *
 * @param digest SHA-256 of the file, in hex: what is measured of it
 * @param signers keys by name
 * @param bundles digests of the product's bundles, in hex
 * @param plugins digests of further bundles, in hex
 */
record SealedPolicy(String digest, Map<String, PublicKey> signers, Set<String> bundles, Set<String> plugins) {

    /** The first line. */
    static final String HEADER = "alcove sealed policy 1";
    static final String ALGORITHM = "sha256:";
    private static final int LARGEST = 1 << 20;
    private static final int SIGNER_WORDS = 3;
    private static final int BUNDLE_WORDS = 4;

    /**
     * Reads a policy file.
     *
     * @throws UsageException if it is none, naming the line; or if it lists no part of the product, so that nothing could start
     */
    static SealedPolicy read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > LARGEST) {
            throw new UsageException(file + " has " + bytes.length + " bytes, at most " + LARGEST + " are read");
        }
        SealedPolicy policy = parse(bytes, file.toString());
        if (policy.bundles.isEmpty()) {
            throw new UsageException(file + " is a placeholder: it lists 0 bundles, and a server has dozens. Fill it by"
                    + " ./alcove digest > sealed.policy, of the same build as the server's (docs/sealed-mode.md)");
        }
        return policy;
    }

    static SealedPolicy parse(byte[] bytes, String name) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().map(String::strip).toList();
        if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
            throw new UsageException(name + " does not begin with the line \"" + HEADER + "\"; ./alcove digest writes one");
        }
        Map<String, PublicKey> signers = new LinkedHashMap<>();
        Set<String> bundles = new HashSet<>();
        Set<String> plugins = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+");
            boolean good = switch (words[0]) {
                case "signer" -> words.length == SIGNER_WORDS && words[1].matches("[A-Za-z0-9._-]+")
                        && BundleSignature.publicKey(words[2]).map(key -> signers.put(words[1], key) == null).orElse(false);
                case "bundle" -> listed(words, bundles);
                case "plugin" -> listed(words, plugins);
                default -> false;
            };
            if (!good) {
                throw new UsageException(name + ", line " + (i + 1) + ": say \"signer NAME KEY\", \"bundle NAME VERSION"
                        + " sha256:HEX\" or \"plugin NAME VERSION sha256:HEX\", nothing twice; keys are Ed25519 or ECDSA P-256");
            }
        }
        return new SealedPolicy(Digests.sha256(bytes), Map.copyOf(signers), Set.copyOf(bundles), Set.copyOf(plugins));
    }

    private static boolean listed(String[] words, Set<String> digests) {
        return words.length == BUNDLE_WORDS && words[3].matches(ALGORITHM + "[0-9a-f]{64}")
                && digests.add(words[3].substring(ALGORITHM.length()));
    }

    /**
     * Judges a bundle of the product's own folder.
     *
     * @throws SecurityException with the reason, if it may not be installed
     */
    void requirePart(JarFile jar) {
        if (!bundles.contains(jar.digest())) {
            throw new SecurityException(jar + " is not listed in the sealed policy (sha256:" + jar.digest() + ")");
        }
    }

    /**
     * Judges a plug-in.
     *
     * @param signature as {@link BundleSignature} writes it, if there is one
     * @return who signed it
     * @throws SecurityException with the reason, if it may not be installed
     */
    String requirePlugin(JarFile jar, Optional<byte[]> signature) {
        if (signature.isEmpty()) {
            throw new SecurityException(jar + " is not signed; sign it by ./alcove sign and give the signature beside it");
        }
        String signer = signers.entrySet().stream()
                .filter(entry -> BundleSignature.verifies(jar.digest(), signature.get(), entry.getValue()))
                .map(Map.Entry::getKey).findFirst().orElseThrow(() -> new SecurityException(jar
                        + " is signed by none of the " + signers.size() + " signers of the sealed policy"));
        if (!plugins.contains(jar.digest())) {
            throw new SecurityException(jar + " is signed by " + signer + " but not listed in the sealed policy (sha256:"
                    + jar.digest() + ")");
        }
        return signer;
    }
}
