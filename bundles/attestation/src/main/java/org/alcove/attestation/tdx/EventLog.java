package org.alcove.attestation.tdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.alcove.attestation.AttestationException;

/**
 * A TCG2 crypto-agile log as the CCEL table of a TD holds it, replayed. Little-endian:
 *
 * <pre>
 * first   register 4, type 4 (3), SHA-1 20, size 4, then "Spec ID Event03" and a zero, platform class 4, versions 4,
 *         algorithms 4, each id 2 and size 2, vendor size 1, vendor
 * others  register 4, type 4, digests 4, each algorithm 2 and digest, size 4, event
 * </pre>
 *
 * Registers 1 to 4 are RTMR0 to RTMR3. Behind the last event the table is filled with 0x00 or 0xff. What an event says beside its
 * digest is not proven by a replay.
 *
 * <p>Events of type 6 in RTMR3 that begin with the tag AAEL are those of running software: behind the tag, 4, and the size of the
 * text, 4, stands {@code DOMAIN OPERATION CONTENT}. Their digest is over all three, so their text is proven.
 *
 * @param registers RTMR0 to RTMR3 after the log, 48 bytes each
 * @param events how many there are, the first one not counted
 * @param software texts of the events of running software, in their order
 * @param end byte behind the last event
 */
public record EventLog(List<byte[]> registers, int events, List<String> software, int end) {
    private static final int LARGEST = 4 << 20;
    private static final int NO_ACTION = 3;
    private static final int SHA1 = 20;
    private static final int SHA384 = 0x0c;
    private static final int SHA384_SIZE = 48;
    private static final int REGISTERS = 4;
    private static final int TAGGED = 6;
    private static final int AAEL = 0x4141454c;
    private static final int TAG_SIZE = 8;
    private static final int MOST_ALGORITHMS = 16;
    private static final byte[] SIGNATURE = "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Replays a log.
     *
     * @param bytes a table, or the events alone
     * @return what it gives
     * @throws AttestationException if it is none
     */
    public static EventLog replay(byte[] bytes) throws AttestationException {
        if (bytes.length > LARGEST) {
            throw new AttestationException("the event log has " + bytes.length + " bytes, at most " + LARGEST + " are read");
        }
        ByteCursor log = new ByteCursor(bytes, "event log");
        int[] sizes = header(log);
        byte[][] registers = new byte[REGISTERS][SHA384_SIZE];
        int events = 0;
        List<String> software = new ArrayList<>();
        while (!log.onlyLeft(0xff) && !log.onlyLeft(0)) {
            int at = log.position();
            long register = log.u32("register");
            long type = log.u32("event type");
            byte[] digest = digest(log, sizes);
            ByteCursor event = log.part(log.u32("event size"), "event");
            events++;
            if (type == NO_ACTION) {
                continue;
            }
            if (register < 1 || register > REGISTERS) {
                throw new AttestationException("event " + events + " at byte " + at + " extends register " + register
                        + ", expected 1 to " + REGISTERS);
            }
            extend(registers[(int) register - 1], digest);
            if (register == REGISTERS && type == TAGGED) {
                software(event, digest).ifPresent(software::add);
            }
        }
        return new EventLog(List.of(registers), events, List.copyOf(software), log.position());
    }

    /** What an event of running software says, if its digest is over it. */
    private static Optional<String> software(ByteCursor event, byte[] digest) throws AttestationException {
        byte[] data = event.take(event.left(), "event");
        ByteBuffer tag = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        boolean tagged = data.length >= TAG_SIZE && tag.getInt() == AAEL && tag.getInt() == data.length - TAG_SIZE;
        return tagged && Arrays.equals(hash(data), digest)
                ? Optional.of(new String(data, TAG_SIZE, data.length - TAG_SIZE, StandardCharsets.UTF_8)) : Optional.empty();
    }

    /**
     * The entry of an event of running software in RTMR3.
     *
     * @param text {@code DOMAIN OPERATION CONTENT}
     * @return bytes to put behind the last event of a log
     */
    public static byte[] entry(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] data = ByteBuffer.allocate(TAG_SIZE + content.length).order(ByteOrder.LITTLE_ENDIAN).putInt(AAEL)
                .putInt(content.length).put(content).array();
        byte[] digest = hash(data);
        return ByteBuffer.allocate(4 * Integer.BYTES + Short.BYTES + digest.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(REGISTERS).putInt(TAGGED).putInt(1).putShort((short) SHA384).put(digest).putInt(data.length).put(data)
                .array();
    }

    /** Digest sizes by algorithm id, -1 for ids that the log does not declare. */
    private static int[] header(ByteCursor log) throws AttestationException {
        log.skip(4, "register");
        long type = log.u32("event type");
        log.skip(SHA1, "digest");
        ByteCursor event = log.part(log.u32("event size"), "first event");
        if (type != NO_ACTION || !Arrays.equals(event.take(SIGNATURE.length, "signature"), SIGNATURE)) {
            throw new AttestationException("the event log does not begin with \"Spec ID Event03\"; it is no TCG2 log");
        }
        event.skip(8, "platform class and versions");
        long algorithms = event.u32("number of algorithms");
        if (algorithms < 1 || algorithms > MOST_ALGORITHMS) {
            throw new AttestationException("the event log has " + algorithms + " digest algorithms, expected 1 to "
                    + MOST_ALGORITHMS);
        }
        int[] sizes = new int[0x10000];
        Arrays.fill(sizes, -1);
        for (int i = 0; i < algorithms; i++) {
            int id = event.u16("algorithm");
            sizes[id] = event.u16("digest size");
        }
        if (sizes[SHA384] != SHA384_SIZE) {
            throw new AttestationException("the event log declares " + sizes[SHA384] + " bytes for SHA-384, expected "
                    + SHA384_SIZE);
        }
        event.skip(event.u8("vendor size"), "vendor");
        event.finished();
        return sizes;
    }

    private static byte[] digest(ByteCursor log, int[] sizes) throws AttestationException {
        long count = log.u32("number of digests");
        if (count < 1 || count > MOST_ALGORITHMS) {
            throw new AttestationException("an event before byte " + log.position() + " has " + count + " digests, expected 1 to "
                    + MOST_ALGORITHMS);
        }
        byte[] found = null;
        for (int i = 0; i < count; i++) {
            int id = log.u16("algorithm");
            if (sizes[id] < 0 || id == SHA384 && found != null) {
                throw new AttestationException("an event before byte " + log.position() + " has a digest of algorithm " + id
                        + " that the log does not declare, or twice");
            }
            byte[] digest = log.take(sizes[id], "digest");
            found = id == SHA384 ? digest : found;
        }
        if (found == null) {
            throw new AttestationException("an event before byte " + log.position() + " has no SHA-384 digest");
        }
        return found;
    }

    private static void extend(byte[] register, byte[] digest) {
        System.arraycopy(hash(register, digest), 0, register, 0, SHA384_SIZE);
    }

    private static byte[] hash(byte[]... parts) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-384");
            for (byte[] part : parts) {
                hash.update(part);
            }
            return hash.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-384; nothing can be verified with it", e);
        }
    }

    String register(int index) {
        return HexFormat.of().formatHex(registers.get(index));
    }
}
