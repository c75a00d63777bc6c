package org.alcove.attestation.tdx;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;

/**
 * A platform with a test root: keys, certificates, collateral and quotes that are right in everything but the root, until a test
 * changes a field. What is changed is signed again, so that one rule alone is broken. Keys live as long as the test.
 */
final class FakePlatform {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final String FMSPC = "00aabbccddee";
    private static final String ROOT_NAME = "Intel SGX Root CA";
    private static final String SGX = "1.2.840.113741.1.13.1";
    private static final String SIGNER_SEAM = "0".repeat(96);

    final KeyPair rootKey = key();
    final KeyPair caKey = key();
    final KeyPair leafKey = key();
    final KeyPair signerKey = key();
    KeyPair attestationKey = key();

    final Issued root = new Issued(ROOT_NAME, rootKey, ROOT_NAME, rootKey, 1).authority(true);
    final Issued ca = new Issued("Intel SGX PCK Platform CA", caKey, ROOT_NAME, rootKey, 2).authority(true);
    final Issued leaf = new Issued("Intel SGX PCK Certificate", leafKey, "Intel SGX PCK Platform CA", caKey, 3);
    final Issued signer = new Issued("Intel SGX TCB Signing", signerKey, ROOT_NAME, rootKey, 4);
    final Issued rootCrl = new Issued("", rootKey, ROOT_NAME, rootKey, 0);
    final Issued pckCrl = new Issued("", caKey, "Intel SGX PCK Platform CA", caKey, 0);
    List<Issued> chain = new ArrayList<>(List.of(leaf, ca, root));
    List<Issued> signerChain = new ArrayList<>(List.of(signer, root));
    /** Replaces the chain's PEM where it is set. */
    byte[] chainBytes;

    int[] components = {2, 2, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0};
    int pceSvn = 13;
    int version = 4;
    int bodyType = 2;
    /** Offsets as {@link TdReport} lists them; a report 1.0 takes the first 584 bytes. */
    final byte[] body = new byte[TdReport.SIZE_15];
    final byte[] qe = new byte[QeReport.SIZE];
    byte[] auth = new byte[32];
    boolean bind = true;

    String fmspc = FMSPC;
    String levelStatus = "UpToDate";
    String levelAdvisories = "";
    String moduleStatus = "UpToDate";
    String qeStatus = "UpToDate";
    String tcbId = "TDX";
    String qeId = "TD_QE";
    int evaluation = 20;
    String issued = "2026-05-20T00:00:00Z";
    String nextUpdate = "2026-06-19T00:00:00Z";
    String moduleSigner = SIGNER_SEAM;
    String qeSigner = "ab".repeat(32);

    FakePlatform() {
        body[0] = 5;
        body[1] = 1;
        body[2] = 3;
        put(120, "0000001000000000");
        put(128, "e702060000000000");
        body[136] = 0x11;
        body[328] = 0x22;
        body[520] = 0x33;
        put(584, "05010300");
        Arrays.fill(qe, 128, 160, (byte) 0xab);
        qe[256] = 2;
        qe[258] = 4;
    }

    void put(int offset, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        System.arraycopy(bytes, 0, body, offset, bytes.length);
    }

    FakePlatform version5(int type) {
        version = 5;
        bodyType = type;
        return this;
    }

    TrustRoot trust() {
        return new TrustRoot("a root made for this test",
                HexFormat.of().formatHex(Chain.sha256(rootKey.getPublic().getEncoded())));
    }

    Evidence evidence() {
        return new Evidence(quote(), Optional.empty());
    }

    byte[] quote() {
        boolean five = version == 5;
        int size = bodyType == 3 ? TdReport.SIZE_15 : TdReport.SIZE_10;
        ByteBuffer head = buffer(48 + (five ? 6 : 0) + size);
        head.putShort((short) version).putShort((short) 2).putInt(0x81).putInt(0)
                .put(HexFormat.of().parseHex("939a7233f79c4ca9940a0db3957f0607")).put(new byte[20]);
        if (five) {
            head.putShort((short) bodyType).putInt(size);
        }
        head.put(body, 0, size);
        byte[] key = pair(attestationKey);
        if (bind) {
            System.arraycopy(Chain.sha256(key, auth), 0, qe, 320, 32);
        }
        byte[] certificates = chainBytes != null ? chainBytes : pem(chain);
        ByteBuffer certified = buffer(QeReport.SIZE + 64 + 2 + auth.length + 6 + certificates.length);
        certified.put(qe).put(sign(leafKey, qe)).putShort((short) auth.length).put(auth).putShort((short) 5)
                .putInt(certificates.length).put(certificates);
        ByteBuffer signatures = buffer(128 + 6 + certified.capacity());
        signatures.put(sign(attestationKey, head.array())).put(key).putShort((short) 6).putInt(certified.capacity())
                .put(certified.array());
        return buffer(head.capacity() + 4 + signatures.capacity()).put(head.array()).putInt(signatures.capacity())
                .put(signatures.array()).array();
    }

    Collateral collateral() {
        leaf.extensions.clear();
        leaf.extensions.add(DerWriter.extension(SGX, false, sgx()));
        byte[] pem = pem(signerChain);
        return new Collateral(signed("tcbInfo", tcbInfo()), pem, signed("enclaveIdentity", qeIdentity()), pem, rootCrl.list(),
                pckCrl.list());
    }

    byte[] signed(String member, String json) {
        byte[] exact = json.getBytes(StandardCharsets.UTF_8);
        return ("{\"" + member + "\":" + json + ",\"signature\":\"" + HexFormat.of().formatHex(sign(signerKey, exact)) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    String tcbInfo() {
        String versions = "[" + "{'svn':2},".repeat(4) + "{'svn':3},{'svn':1},{'svn':0},{'svn':5}" + ",{'svn':0}".repeat(8) + "]";
        String tdx = "[{'svn':5},{'svn':0},{'svn':3}" + ",{'svn':0}".repeat(13) + "]";
        String level = "{'tcb':{'sgxtcbcomponents':%s,'pcesvn':%d,'tdxtcbcomponents':%s},"
                + "'tcbDate':'2026-01-01T00:00:00Z','tcbStatus':'%s'%s}";
        String module = "'mrsigner':'" + moduleSigner + "','attributes':'0000000000000000','attributesMask':'FFFFFFFFFFFFFFFF'";
        return ("{'id':'" + tcbId + "','version':3,'issueDate':'" + issued + "','nextUpdate':'" + nextUpdate + "','fmspc':'"
                + fmspc
                + "','pceId':'0000','tcbType':0,'tcbEvaluationDataNumber':" + evaluation + ",'tdxModule':{" + module
                + "},'tdxModuleIdentities':[{'id':'TDX_01'," + module + ",'tcbLevels':[{'tcb':{'isvsvn':5},'tcbStatus':'"
                        + moduleStatus
                + "'},{'tcb':{'isvsvn':2},'tcbStatus':'OutOfDate','advisoryIDs':['INTEL-SA-00002']}]}],'tcbLevels':["
                + level.formatted(versions, 13, tdx, levelStatus, levelAdvisories) + ","
                + level.formatted(versions, 5, tdx, "OutOfDate", ",'advisoryIDs':['INTEL-SA-00001']") + "]}").replace('\'', '"');
    }

    String qeIdentity() {
        return "{\"id\":\"" + qeId + "\",\"version\":2,\"issueDate\":\"" + issued + "\",\"nextUpdate\":\"" + nextUpdate
                + "\",\"tcbEvaluationDataNumber\":" + evaluation + ",\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\","
                + "\"attributes\":\"" + "00".repeat(16) + "\",\"attributesMask\":\"" + "FF".repeat(16) + "\",\"mrsigner\":\""
                        + qeSigner
                + "\",\"isvprodid\":2,\"tcbLevels\":[{\"tcb\":{\"isvsvn\":4},\"tcbStatus\":\"" + qeStatus + "\"}]}";
    }

    byte[] sgx() {
        List<byte[]> tcb = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            tcb.add(entry(SGX + ".2." + (i + 1), DerWriter.integer(components[i])));
        }
        tcb.add(entry(SGX + ".2.17", DerWriter.integer(pceSvn)));
        tcb.add(entry(SGX + ".2.18", DerWriter.octets(new byte[16])));
        return DerWriter.sequence(entry(SGX + ".1", DerWriter.octets(new byte[16])),
                entry(SGX + ".2", DerWriter.sequence(tcb.toArray(byte[][]::new))), entry(SGX + ".3",
                        DerWriter.octets(new byte[2])),
                entry(SGX + ".4", DerWriter.octets(HexFormat.of().parseHex(FMSPC))),
                entry(SGX + ".5", DerWriter.element(0x0a, new byte[] {0})));
    }

    private static byte[] entry(String oid, byte[] value) {
        return DerWriter.sequence(DerWriter.oid(oid), value);
    }

    static byte[] pem(List<Issued> certificates) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Issued certificate : certificates) {
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.certificate());
            out.writeBytes(("-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }

    static byte[] sign(KeyPair key, byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair key() {
        return key("secp256r1");
    }

    static KeyPair key(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] pair(KeyPair key) {
        ECPublicKey ec = (ECPublicKey) key.getPublic();
        byte[] pair = new byte[64];
        copy(ec.getW().getAffineX(), pair, 32);
        copy(ec.getW().getAffineY(), pair, 64);
        return pair;
    }

    /** Big-endian, ending before {@code end}. */
    static void copy(BigInteger number, byte[] pair, int end) {
        byte[] bytes = number.toByteArray();
        int count = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - count, pair, end - count, count);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
