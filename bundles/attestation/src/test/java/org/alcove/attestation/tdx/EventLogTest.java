package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Measurement;
import org.junit.jupiter.api.Test;

/** Logs of real machines, and small ones made here. */
class EventLogTest {
    private static final int RAW = 1;
    private static final int NO_ACTION = 3;

    @Test
    void aRealLogReplaysToTheRegistersOfItsQuote() throws Exception {
        Recorded.needed();
        EventLog log = EventLog.replay(Recorded.bytes("go-tdx-guest/ccel/ccel_data.dat"));
        TdReport report = Quote.parse(Recorded.bytes("go-tdx-guest/ccel/cos-113-tdx-quote.dat")).report();
        assertEquals(43, log.events());
        assertArrayEquals(report.fields().get(Measurement.RTMR_0), log.registers().get(0));
        assertArrayEquals(report.fields().get(Measurement.RTMR_1), log.registers().get(1));
        assertArrayEquals(report.fields().get(Measurement.RTMR_2), log.registers().get(2));
        assertArrayEquals(report.fields().get(Measurement.RTMR_3), log.registers().get(3));
    }

    @Test
    void logsOfOtherFirmwaresHaveTheEventsThatAnotherReaderFound() throws Exception {
        Recorded.needed();
        for (String name : List.of("CCEL_data", "CCEL_data_grub", "CCEL_data_grub_gke", "CCEL_data_ovmf",
                "CCEL_AAEL_alibabacloud")) {
            EventLog log = EventLog.replay(Recorded.bytes("trustee/eventlog/" + name));
            Expected expected = Expected.read(Recorded.bytes("trustee/eventlog/" + name + "_out.json"));
            assertEquals(expected.events, log.events(), name);
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(expected.registers[i], log.registers().get(i), name + " register " + i);
            }
        }
    }

    @Test
    void aLogExtendsTheRegistersItNames() throws Exception {
        byte[] digest = new byte[48];
        digest[0] = 7;
        EventLog log = EventLog.replay(new Log().event(1, RAW, digest).event(4, RAW, digest).event(4, RAW, digest)
                .event(9, NO_ACTION, digest).bytes(0));
        byte[] once = extended(new byte[48], digest);
        assertEquals(4, log.events());
        assertArrayEquals(once, log.registers().get(0));
        assertArrayEquals(new byte[48], log.registers().get(1));
        assertArrayEquals(extended(once, digest), log.registers().get(3));
    }

    @Test
    void damagedLogsAreRefusedByName() {
        byte[] digest = new byte[48];
        refused("register 5", new Log().event(5, RAW, digest).bytes(0));
        refused("register 0", new Log().event(0, RAW, digest).bytes(0));
        refused("SHA-384", new Log().algorithm(0x0b, 32).bytes(0));
        refused("bytes for SHA-384", new Log().algorithm(0x0c, 47).bytes(0));
        refused("Spec ID Event03", new byte[64]);
        byte[] good = new Log().event(1, RAW, digest).bytes(0);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            // A log may end where an event ends: only the replay can tell that one is missing.
            if (length != good.length - 4 - 4 - 4 - 2 - 48 - 4 - 3) {
                assertThrows(AttestationException.class, () -> EventLog.replay(cut), "cut at " + length);
            }
        }
        refused("digests", damaged(good, good.length - 61, 0xff));
        refused("at most", new byte[(4 << 20) + 1]);
    }

    @Test
    void aHugeEventSizeIsRefusedBeforeItIsUsed() {
        byte[] log = new Log().event(1, RAW, new byte[48]).bytes(0);
        for (int i = log.length - 7; i < log.length - 3; i++) {
            log[i] = (byte) 0xff;
        }
        refused("needs 4294967295 bytes", log);
    }

    private static void refused(String words, byte[] log) {
        String message = assertThrows(AttestationException.class, () -> EventLog.replay(log)).getMessage();
        assertTrue(message.contains(words), message);
    }

    private static byte[] damaged(byte[] bytes, int at, int value) {
        byte[] damaged = bytes.clone();
        damaged[at] = (byte) value;
        return damaged;
    }

    private static byte[] extended(byte[] register, byte[] digest) throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-384");
        hash.update(register);
        return hash.digest(digest);
    }

    /** A log of one algorithm; every event has three bytes of text. */
    static final class Log {
        private final ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private int algorithm = 0x0c;
        private int size = 48;
        private final List<Runnable> events = new ArrayList<>();

        Log algorithm(int id, int bytes) {
            algorithm = id;
            size = bytes;
            return this;
        }

        Log event(int register, int type, byte[] digest) {
            events.add(() -> out.putInt(register).putInt(type).putInt(1).putShort((short) algorithm).put(digest).putInt(3)
                    .put("abc".getBytes(StandardCharsets.US_ASCII)));
            return this;
        }

        byte[] bytes(int padding) {
            out.clear();
            out.putInt(1).putInt(NO_ACTION).put(new byte[20]).putInt(33)
                    .put("Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(0x02000200).putInt(1)
                    .putShort((short) algorithm).putShort((short) size).put((byte) 0);
            events.forEach(Runnable::run);
            return Arrays.copyOf(out.array(), out.position() + padding);
        }
    }

    /** What another reader found: its events, replayed here. */
    private record Expected(int events, byte[][] registers) {
        static Expected read(byte[] json) throws Exception {
            byte[][] registers = new byte[4][48];
            int events = 0;
            for (JsonNode event : events(json)) {
                events++;
                if (!event.get("type_name").textValue().equals("EV_NO_ACTION")) {
                    int register = event.get("index").intValue() - 1;
                    byte[] digest = HexFormat.of().parseHex(event.get("digests").get(0).get("digest").textValue());
                    registers[register] = extended(registers[register], digest);
                }
            }
            return new Expected(events, registers);
        }

        private static JsonNode events(byte[] json) throws IOException {
            return new ObjectMapper().readTree(json).get("uefi_event_logs");
        }
    }
}
