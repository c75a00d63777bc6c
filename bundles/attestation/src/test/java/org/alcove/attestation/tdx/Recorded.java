package org.alcove.attestation.tdx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.junit.jupiter.api.Assumptions;

/** Real quotes and collateral, with the places that the manifest beside them gives. */
final class Recorded {
    /** Full sets in one JSON file, of June 2025 and of February 2026. */
    static final String JUNE = "dcap-qvl/tdx_quote_collateral.json";
    static final String FEBRUARY = "dcap-qvl/tdx_quote_outdated_collateral.json";
    private static final Path FOLDER = Path.of(System.getProperty("alcove.shared", "absent"), "data/tdx");

    private Recorded() {
    }

    static void needed() {
        Assumptions.assumeTrue(Files.isDirectory(FOLDER),
                "SKIPPED: no recorded TDX quotes at " + FOLDER + "; set alcove.shared to the folder that holds data/tdx");
    }

    static byte[] bytes(String name) {
        try {
            byte[] bytes = Files.readAllBytes(FOLDER.resolve(name));
            if (!name.endsWith(".hex")) {
                return bytes;
            }
            String hex = new String(bytes, StandardCharsets.US_ASCII).strip();
            return HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file but the documentation. */
    static List<String> files() {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            return all.filter(Files::isRegularFile).map(file -> FOLDER.relativize(file).toString())
                    .filter(name -> !name.matches("MANIFEST.md|SHA256SUMS")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A set from one JSON file: documents and signatures apart, lists in hex. */
    static Collateral set(String name) {
        try {
            JsonNode json = new ObjectMapper().readTree(bytes(name));
            HexFormat hex = HexFormat.of();
            return new Collateral(signed(json, "tcb_info", "tcbInfo"), text(json, "tcb_info_issuer_chain"),
                    signed(json, "qe_identity", "enclaveIdentity"), text(json, "qe_identity_issuer_chain"),
                    hex.parseHex(json.get("root_ca_crl").textValue()), hex.parseHex(json.get("pck_crl").textValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same set with another table of security versions. */
    static Collateral withTcb(Collateral set, String tcbInfo) {
        return new Collateral(bytes(tcbInfo), set.tcbInfoChain(), set.qeIdentity(), set.qeIdentityChain(), set.rootCrl(),
                set.pckCrl());
    }

    /** The set of June 2023. */
    static Collateral of2023() {
        String folder = "go-tdx-guest/";
        return new Collateral(bytes(folder + "sample_tcbInfo_response"), bytes(folder + "tcbInfo_issuer_chain.pem"),
                bytes(folder + "sample_qeIdentity_response"), bytes(folder + "qeIdentity_issuer_chain.pem"),
                bytes(folder + "rootcrl.der"), bytes(folder + "pckcrl"));
    }

    /** A set of October 2025, put together from several recordings of that month. */
    static Collateral ofOctober() {
        Collateral june = set(JUNE);
        String folder = "automata/forge-test/assets/1025/";
        return new Collateral(bytes("trustee/verifier/tcbInfo.json"), june.tcbInfoChain(), bytes(folder + "identity.json"),
                june.qeIdentityChain(), june.rootCrl(), bytes(folder + "pck_crl.der"));
    }

    /** The synthetic quote names its root first; the same certificates in the order that quotes have. */
    static byte[] leafFirst(byte[] quote) throws AttestationException {
        byte[] chain = Quote.parse(quote).certificates();
        Deque<byte[]> parts = new ArrayDeque<>();
        Pem.parts(chain, "CERTIFICATE").forEach(parts::push);
        byte[] turned = quote.clone();
        int position = quote.length - chain.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, turned, position, part.length);
            position += part.length;
        }
        return turned;
    }

    private static byte[] turned(String pem) {
        String text = new String(bytes(pem), StandardCharsets.US_ASCII);
        int second = text.lastIndexOf("-----BEGIN");
        return (text.substring(second).strip() + "\n" + text.substring(0, second).strip()
                + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A set that is valid only under a root of its own with Intel's name. */
    static Collateral synthetic() {
        String folder = "intel-qvl/";
        return new Collateral(bytes(folder + "tcbInfo.json"), turned(folder + "tcbSignChain.pem"), bytes(folder
                + "qeIdentity.json"),
                turned(folder + "tcbSignChain.pem"), bytes(folder + "rootCaCrl.der"), bytes(folder + "intermediateCaCrl.der"));
    }

    private static byte[] text(JsonNode json, String name) {
        return json.get(name).textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] signed(JsonNode json, String name, String member) {
        return ("{\"" + member + "\":" + json.get(name).textValue() + ",\"signature\":\""
                + json.get(name + "_signature").textValue() + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
