package org.alcove.attestation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.alcove.attestation.EvidenceDocument.Form;
import org.junit.jupiter.api.Test;

class EvidenceDocumentTest {

    private static final byte[] CLAIMS = "{}".getBytes(StandardCharsets.UTF_8);

    private static byte[] field(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static EvidenceDocument document(Form form, byte[] nonce, byte[] tls, byte[] sealing, byte[] claims) {
        return new EvidenceDocument(form, nonce, tls, sealing, claims,
                new Evidence(new byte[] {4, 0, 2}, Optional.of(new byte[] {9})));
    }

    @Test
    void theReportDataIsTheHashThatIsDocumented() throws Exception {
        byte[] bytes = HexFormat.of().parseHex("616c636f76652065766964656e6365203100" + "01".repeat(32) + "02".repeat(32)
                + "03".repeat(32) + "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assertArrayEquals(MessageDigest.getInstance("SHA-512").digest(bytes),
                document(Form.SHA512, field(1), field(2), field(3), CLAIMS).reportData());
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                new String(document(Form.SHA256_HEX, field(1), field(2), field(3), CLAIMS).reportData(),
                        StandardCharsets.US_ASCII));
    }

    @Test
    void everyFieldIsBound() {
        byte[] usual = document(Form.SHA512, field(1), field(2), field(3), CLAIMS).reportData();
        assertFalse(Arrays.equals(usual, document(Form.SHA512, field(9), field(2), field(3), CLAIMS).reportData()));
        assertFalse(Arrays.equals(usual, document(Form.SHA512, field(1), field(9), field(3), CLAIMS).reportData()));
        assertFalse(Arrays.equals(usual, document(Form.SHA512, field(1), field(2), field(9), CLAIMS).reportData()));
        assertFalse(Arrays.equals(usual, document(Form.SHA512, field(1), field(2), field(3), new byte[1]).reportData()));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws AttestationException {
        EvidenceDocument document = document(Form.SHA256_HEX, field(1), field(2), field(3), CLAIMS);
        EvidenceDocument read = EvidenceDocument.read(document.json());
        assertArrayEquals(document.json(), read.json());
        assertArrayEquals(document.reportData(), read.reportData());
        assertTrue(read.evidence().eventLog().isPresent());
    }

    @Test
    void whatIsNoDocumentIsRefusedByName() {
        String json = new String(document(Form.SHA512, field(1), field(2), field(3), CLAIMS).json(), StandardCharsets.US_ASCII);
        for (String[] change : new String[][] {{"\"version\":1", "\"version\":2", "version 2"}, {"sha512", "md5", "md5"},
            {"\"nonce\":\"01", "\"nonce\":\"", "nonce"}, {"\"claims\":\"", "\"claims\":\"!", "claims"},
            {"\"quote\"", "\"qoute\"", "qoute"}}) {
            byte[] changed = json.replace(change[0], change[1]).getBytes(StandardCharsets.US_ASCII);
            String message = assertThrows(AttestationException.class, () -> EvidenceDocument.read(changed)).getMessage();
            assertTrue(message.contains(change[2]), message);
        }
        assertThrows(AttestationException.class, () -> EvidenceDocument.read(new byte[0]));
    }
}
