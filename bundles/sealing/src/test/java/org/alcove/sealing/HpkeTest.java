package org.alcove.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.KEM;
import org.junit.jupiter.api.Test;

/** The official vector of RFC 9180 for base mode, X25519, HKDF-SHA256 and AES-256-GCM (0x0020, 0x0001, 0x0002). */
class HpkeTest {

    private static final byte[] INFO = hex("4f6465206f6e2061204772656369616e2055726e");
    private static final byte[] IKM_E = hex("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9");
    private static final byte[] SK_R = hex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d");
    private static final byte[] PK_R = hex("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c");
    private static final byte[] ENC = hex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256");
    private static final byte[] PLAIN = hex("4265617574792069732074727574682c20747275746820626561757479");
    private static final byte[] AAD = hex("436f756e742d30");
    private static final byte[] SEALED =
            hex("e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a");

    @Test
    void theSenderMakesTheBytesOfTheVector() throws Exception {
        Hpke.Sender sender = Hpke.sender(PK_R, INFO, HpkeKeys.of(derived(IKM_E)));
        assertArrayEquals(ENC, sender.encapsulated());
        assertArrayEquals(SEALED, sender.context().seal(AAD, PLAIN));
        assertExports(sender.context());
    }

    @Test
    void theRecipientOpensTheBytesOfTheVector() throws Exception {
        HpkeKeys keys = HpkeKeys.of(SK_R);
        assertArrayEquals(PK_R, keys.publicKey());
        Hpke context = Hpke.recipient(ENC, keys, INFO);
        assertArrayEquals(PLAIN, context.open(AAD, SEALED));
        assertExports(context);
    }

    private static void assertExports(Hpke context) {
        assertEquals("ded6cffafaea6b812cbf3e241e88332adbc077aca81512914213810ee291770a", hex(context.export(new byte[0], 32)));
        assertEquals("7c5ded445732c14fe09727d29b4251c0fd38455fe8440571e687f0886aac94d2",
                hex(context.export("TestContext".getBytes(), 32)));
    }

    @Test
    void theNonceOfMessage256ChangesTheByteBeforeTheLast() {
        // RFC 9180, A.1.1.1: the nonces of messages 0, 1, 2, 4, 255 and 256.
        byte[] base = hex("56d890e5accaaf011cff4b7d");
        assertEquals("56d890e5accaaf011cff4b7c", hex(Primitives.nonce(base, 1)));
        assertEquals("56d890e5accaaf011cff4b82", hex(Primitives.nonce(base, 255)));
        assertEquals("56d890e5accaaf011cff4a7d", hex(Primitives.nonce(base, 256)));
    }

    /** The JDK has the key encapsulation, too, though not the rest: what it encapsulates for us must make the same secret. */
    @Test
    void theKeyOfTheJdkIsTheKeyOfThisCode() throws Exception {
        HpkeKeys keys = HpkeKeys.generate();
        byte[] big = keys.publicKey();
        reverse(big);
        PublicKey known = KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, big)));
        KEM.Encapsulated theirs = KEM.getInstance("DHKEM").newEncapsulator(known).encapsulate();
        assertArrayEquals(theirs.key().getEncoded(), Hpke.decapsulate(theirs.encapsulation(), keys));
    }

    @Test
    void messagesOutOfOrderAreRefused() throws Exception {
        HpkeKeys keys = HpkeKeys.generate();
        Hpke.Sender sender = Hpke.sender(keys.publicKey(), INFO);
        byte[] first = sender.context().seal(AAD, PLAIN);
        byte[] second = sender.context().seal(AAD, PLAIN);
        Hpke recipient = Hpke.recipient(sender.encapsulated(), keys, INFO);
        assertThrows(SealingException.class, () -> recipient.open(AAD, second));
        assertArrayEquals(PLAIN, recipient.open(AAD, first));
        assertThrows(SealingException.class, () -> recipient.open(AAD, first));
        assertArrayEquals(PLAIN, recipient.open(AAD, second));
    }

    @Test
    void aPointThatMakesEverySecretTheSameIsRefused() {
        assertThrows(InvalidKeyException.class, () -> Hpke.sender(new byte[32], INFO));
        assertThrows(SealingException.class, () -> Hpke.recipient(new byte[32], HpkeKeys.generate(), INFO));
        assertThrows(InvalidKeyException.class, () -> Hpke.sender(new byte[31], INFO));
    }

    /** DeriveKeyPair for X25519 (RFC 9180, 7.1.3), which only vectors need. */
    private static byte[] derived(byte[] ikm) {
        byte[] suite = Primitives.join(Primitives.ascii("KEM"), new byte[] {0x00, 0x20});
        byte[] prk = Primitives.extract(new byte[0],
                Primitives.join(Primitives.ascii("HPKE-v1"), suite, Primitives.ascii("dkp_prk"), ikm));
        return Primitives.expand(prk, Primitives.join(new byte[] {0, 32}, Primitives.ascii("HPKE-v1"), suite,
                Primitives.ascii("sk")), 32);
    }

    private static void reverse(byte[] bytes) {
        byte[] copy = bytes.clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = copy[bytes.length - 1 - i];
        }
        bytes[0] &= 0x7f;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
