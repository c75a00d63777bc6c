package org.alcove.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.alcove.sealing.SealingException.Kind;
import org.junit.jupiter.api.Test;

/** Keys that have done their work are overwritten, and what is left of them is never worked with. */
class WipedSecretsTest {

    private static final byte[] INFO = {1};
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private final HpkeKeys keys = HpkeKeys.generate();

    @Test
    void theKeyOfARequestIsWipedWhenItsAnswerIsClosed() throws Exception {
        byte[] requestKey = new byte[32];
        Arrays.fill(requestKey, (byte) 7);
        AnswerSealer worker = new AnswerSealer(requestKey, INFO);
        AnswerOpener opener = new AnswerOpener(requestKey, INFO);
        opener.open(worker.seal(new byte[] {5}, false));
        AnswerKeys made = AnswerKeys.of(requestKey, INFO, new byte[32]);
        made.wipe();
        assertArrayEquals(new byte[32], made.key());
        opener.close();
        assertArrayEquals(new byte[32], requestKey);
    }

    @Test
    void aChunkMadeWithWipedKeysIsNotBelieved() throws Exception {
        AnswerOpener opener = new AnswerOpener(new byte[] {7, 7}, INFO);
        opener.close();
        byte[] forged = new AnswerSealer(new byte[2], INFO).seal(new byte[] {5}, true);
        assertEquals(Kind.DAMAGED, assertThrows(SealingException.class, () -> opener.open(forged)).kind());
        assertFalse(opener.whole());
    }

    @Test
    void aKeyThatSealsOneRequestIsWipedAfterwards() throws Exception {
        HpkeKeys ephemeral = HpkeKeys.generate();
        Hpke.Sender sender = Hpke.sender(keys.publicKey(), INFO, ephemeral);
        assertThrows(IllegalStateException.class, () -> ephemeral.agree(keys.publicKey()));
        Hpke recipient = Hpke.recipient(sender.encapsulated(), keys, INFO);
        byte[] sealed = sender.context().seal(INFO, INFO);
        sender.context().close();
        assertThrows(IllegalStateException.class, () -> sender.context().seal(INFO, INFO));
        assertThrows(IllegalStateException.class, () -> sender.context().export(INFO, 32));
        assertArrayEquals(INFO, recipient.open(INFO, sealed));
        recipient.close();
        assertThrows(IllegalStateException.class, () -> recipient.open(INFO, sealed));
    }

    @Test
    void aRequestThatIsOpenedTwiceOpensTwice() throws Exception {
        byte[] envelope = SealedRequest.seal(INFO, "m", List.of(keys.publicKey()), NOW).envelope();
        assertArrayEquals(INFO, SealedRequest.open(envelope, "m", keys).payload());
        assertArrayEquals(INFO, SealedRequest.open(envelope, "m", keys).payload());
    }
}
