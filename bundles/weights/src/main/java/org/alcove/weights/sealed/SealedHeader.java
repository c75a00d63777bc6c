package org.alcove.weights.sealed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.alcove.weights.ModelFormatException;

/**
 * The header of a sealed model. Integers are little-endian.
 *
 * <pre>
 *  8  magic, ALCVSEAL        16  id of the key             4  chunk bytes C      2 + n  name of the model, UTF-8
 *  4  version, 1             32  salt                      4  kind: 0, 1         4      number of files
 *  4  bytes of the header     8  plain bytes P             each file: 2 + n name, UTF-8; 8 bytes of it
 * 32  HMAC-SHA256 of all bytes before it
 * </pre>
 *
 * @param keyId which key it takes
 * @param salt what its own keys are derived with
 * @param chunkBytes plain bytes of every chunk but the last
 * @param folder whether the files are those of a Hugging Face folder, rather than parts of a GGUF file
 * @param model name of the folder, or of the first GGUF file
 * @param files in order; each begins at the next multiple of {@value #ALIGNMENT}
 */
record SealedHeader(byte[] keyId, byte[] salt, int chunkBytes, boolean folder, String model, List<Entry> files) {

    static final int ALIGNMENT = 4096;
    static final int SALT_BYTES = 32;
    static final int TAG_BYTES = 16;
    static final int LEAST_CHUNK = 1 << 12;
    static final int MOST_CHUNK = 1 << 24;
    private static final byte[] MAGIC = "ALCVSEAL".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FIXED = MAGIC.length + 4 + 4;
    private static final int MAC_BYTES = 32;
    private static final int MAX_HEADER = 1 << 20;
    private static final int MAX_FILES = 1 << 12;
    private static final int MAX_NAME = 255;
    private static final Pattern NAME = Pattern.compile("(?!\\.)[^/\\\\\\p{Cntrl}]+");

    /** A file of the model. */
    record Entry(String name, long bytes) {
    }

    /** The header as it lies in the file, and what binds the chunks to it. */
    record Encoded(byte[] bytes, byte[] digest) {
    }

    /** Whether a file says that it is a sealed model. */
    static boolean isSealed(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file, StandardOpenOption.READ)) {
            return Arrays.equals(MAGIC, in.readNBytes(MAGIC.length));
        }
    }

    /** Where each file begins among the plain bytes, and behind them their number. */
    long[] offsets() {
        long[] offsets = new long[files.size() + 1];
        for (int i = 0; i < files.size(); i++) {
            long end = Math.addExact(offsets[i], files.get(i).bytes());
            boolean last = i + 1 == files.size();
            offsets[i + 1] = last ? end : Math.multiplyExact(Math.ceilDiv(end, ALIGNMENT), (long) ALIGNMENT);
        }
        return offsets;
    }

    long plainBytes() {
        return offsets()[files.size()];
    }

    int chunks() {
        return Math.toIntExact(Math.ceilDiv(plainBytes(), chunkBytes));
    }

    /** Bytes of a whole file that has this header. */
    long sealedBytes(int headerBytes) {
        return headerBytes + plainBytes() + (long) TAG_BYTES * chunks();
    }

    /** Writes it, authenticated. */
    Encoded encode(ModelKey key) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(keyId);
        body.writeBytes(salt);
        body.writeBytes(little(16).putLong(plainBytes()).putInt(chunkBytes).putInt(folder ? 1 : 0).array());
        writeName(body, model);
        body.writeBytes(little(4).putInt(files.size()).array());
        for (Entry file : files) {
            writeName(body, file.name());
            body.writeBytes(little(8).putLong(file.bytes()).array());
        }
        int length = FIXED + body.size() + MAC_BYTES;
        ByteBuffer all = little(length).put(MAGIC).putInt(VERSION).putInt(length).put(body.toByteArray());
        byte[] mac = mac(key.headerKey(salt), all.array(), length - MAC_BYTES);
        return new Encoded(all.put(mac).array(), sha256(all.array()));
    }

    /** A header as it was read, not yet authenticated. */
    record Unverified(Path file, SealedHeader header, byte[] bytes) {

        String keyName() {
            return HexFormat.of().formatHex(header.keyId());
        }

        /**
         * Makes sure that it was written with this key.
         *
         * @return what binds the chunks to it
         */
        byte[] verify(ModelKey key) throws ModelFormatException {
            byte[] id = key.id();
            if (!MessageDigest.isEqual(id, header.keyId())) {
                throw new ModelFormatException(file + ": it is sealed with the key " + keyName() + ", and the one given is "
                        + HexFormat.of().formatHex(id));
            }
            int end = bytes.length - MAC_BYTES;
            byte[] expected = mac(key.headerKey(header.salt()), bytes, end);
            if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, end, bytes.length))) {
                throw new ModelFormatException(file + ": its header is not what was sealed; fetch the file again");
            }
            return sha256(bytes);
        }
    }

    /**
     * Reads the header of a sealed model, and compares what it says with the length of the file.
     *
     * @throws ModelFormatException if it is damaged or hostile
     */
    static Unverified read(Path file, FileChannel channel) throws IOException {
        ByteBuffer fixed = read(file, channel, FIXED);
        fixed.position(MAGIC.length);
        int version = fixed.getInt();
        if (version != VERSION) {
            throw new ModelFormatException(file + ": it is sealed in version " + Integer.toUnsignedString(version) + ", and only "
                    + VERSION + " is known; seal the model again, or take a newer Alcove");
        }
        int length = fixed.getInt();
        if (length < FIXED + MAC_BYTES || length > MAX_HEADER) {
            throw new ModelFormatException(file + ": its header is said to have " + Integer.toUnsignedString(length)
                    + " bytes, but at most " + MAX_HEADER + " are possible; fetch the file again");
        }
        ByteBuffer all = read(file, channel, length);
        SealedHeader header;
        try {
            header = decode(file, all.slice(FIXED, length - FIXED - MAC_BYTES).order(ByteOrder.LITTLE_ENDIAN));
            if (channel.size() != header.sealedBytes(length)) {
                throw new ModelFormatException(file + ": it has " + channel.size() + " bytes, and sealed were "
                        + header.sealedBytes(length) + "; fetch the file again");
            }
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw malformed(file, "its lengths do not fit");
        }
        return new Unverified(file, header, all.array());
    }

    private static SealedHeader decode(Path file, ByteBuffer in) throws ModelFormatException {
        byte[] keyId = new byte[ModelKey.ID_BYTES];
        byte[] salt = new byte[SALT_BYTES];
        in.get(keyId).get(salt);
        long plain = in.getLong();
        int chunk = in.getInt();
        if (chunk < LEAST_CHUNK || chunk > MOST_CHUNK || Integer.bitCount(chunk) != 1) {
            throw malformed(file, "chunks of " + Integer.toUnsignedString(chunk) + " bytes are not possible");
        }
        int kind = in.getInt();
        String model = readName(file, in);
        int count = in.getInt();
        if (kind < 0 || kind > 1 || count < 1 || count > MAX_FILES) {
            throw malformed(file, "kind " + kind + " with " + count + " files is not known");
        }
        List<Entry> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Entry entry = new Entry(readName(file, in), in.getLong());
            if (entry.bytes() < 0 || files.stream().anyMatch(earlier -> earlier.name().equals(entry.name()))) {
                throw malformed(file, "the file " + entry.name() + " is there twice, or has " + entry.bytes() + " bytes");
            }
            files.add(entry);
        }
        SealedHeader header = new SealedHeader(keyId, salt, chunk, kind == 1, model, List.copyOf(files));
        if (in.hasRemaining() || plain < 1 || header.plainBytes() != plain) {
            throw malformed(file, "its files have " + header.plainBytes() + " bytes, and " + plain + " are announced");
        }
        return header;
    }

    private static String readName(Path file, ByteBuffer in) throws ModelFormatException {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        String name = new String(bytes, StandardCharsets.UTF_8);
        if (bytes.length > MAX_NAME || !NAME.matcher(name).matches()) {
            throw malformed(file, "a file in it has a name that leads elsewhere");
        }
        return name;
    }

    private static void writeName(ByteArrayOutputStream out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a file named " + name + " cannot be sealed; rename it");
        }
        out.writeBytes(little(2).putShort((short) bytes.length).array());
        out.writeBytes(bytes);
    }

    private static ByteBuffer read(Path file, FileChannel channel, int bytes) throws IOException {
        ByteBuffer target = little(bytes);
        while (target.hasRemaining()) {
            if (channel.read(target, target.position()) < 0) {
                throw new ModelFormatException(file + ": it ends after " + channel.size() + " bytes, within its header of "
                        + bytes + "; fetch it again");
            }
        }
        return target.flip();
    }

    private static ModelFormatException malformed(Path file, String why) {
        return new ModelFormatException(file + ": its header is malformed: " + why + "; fetch the file again");
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] mac(byte[] key, byte[] bytes, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
