package org.alcove.weights.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.NumberKind;

/** Reads the key-value part of a header. */
final class GgufMetadata {

    private static final int MAX_KEYS = 1 << 16;
    static final int MAX_KEY_BYTES = 0xffff;
    /** Texts in all arrays together: a text takes some 50 bytes of heap, however short it is in the file. */
    private static final int MAX_TEXTS = 1 << 21;
    /** The shortest entry: a length, a character, a type, a byte. */
    private static final int MIN_ENTRY_BYTES = 14;

    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final GgufInput in;
    private int texts;

    GgufMetadata(GgufInput in) {
        this.in = in;
    }

    static long maxCount(GgufInput in) {
        return Math.min(MAX_KEYS, in.remaining() / MIN_ENTRY_BYTES);
    }

    Map<String, MetadataValue> read(long count) throws IOException {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            in.at("key " + (i + 1) + " of " + count);
            String key = in.name(MAX_KEY_BYTES);
            in.at("key " + key);
            if (values.putIfAbsent(key, value(in.int32())) != null) {
                throw in.error("it is there twice");
            }
        }
        return values;
    }

    MetadataValue value(int type) throws IOException {
        return switch (type) {
            case STRING -> new MetadataValue.Text(in.text());
            case ARRAY -> array();
            default -> scalar(kind(type));
        };
    }

    private MetadataValue scalar(NumberKind kind) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(in.bytes(kind.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        if (kind == NumberKind.BOOL) {
            return new MetadataValue.Flag(flag(bytes.get(0)));
        }
        return kind.isReal() ? new MetadataValue.Real(kind.real(bytes, 0)) : new MetadataValue.Whole(kind.whole(bytes, 0));
    }

    private MetadataValue array() throws IOException {
        int type = in.int32();
        if (type == ARRAY) {
            throw in.error("arrays inside arrays are not supported");
        }
        if (type == STRING) {
            return texts();
        }
        NumberKind kind = kind(type);
        long count = in.count("elements", Math.max(0, (in.remaining() - 8) / kind.bytes()));
        byte[] bytes = in.bytes(count * kind.bytes());
        if (kind == NumberKind.BOOL) {
            for (byte element : bytes) {
                flag(element);
            }
        }
        return new MetadataValue.Numbers(kind, bytes);
    }

    private MetadataValue texts() throws IOException {
        int count = (int) in.count("texts", Math.min(MAX_TEXTS - texts, Math.max(0, in.remaining() - 8) / 8));
        texts += count;
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.text());
        }
        return new MetadataValue.Texts(List.copyOf(values));
    }

    private boolean flag(byte value) throws IOException {
        if (value != 0 && value != 1) {
            throw in.error("a flag is 0 or 1, not " + Byte.toUnsignedInt(value));
        }
        return value == 1;
    }

    private NumberKind kind(int type) throws IOException {
        return switch (type) {
            case 0 -> NumberKind.UINT8;
            case 1 -> NumberKind.INT8;
            case 2 -> NumberKind.UINT16;
            case 3 -> NumberKind.INT16;
            case 4 -> NumberKind.UINT32;
            case 5 -> NumberKind.INT32;
            case 6 -> NumberKind.FLOAT32;
            case 7 -> NumberKind.BOOL;
            case 10 -> NumberKind.UINT64;
            case 11 -> NumberKind.INT64;
            case 12 -> NumberKind.FLOAT64;
            default -> throw in.error("value type " + Integer.toUnsignedString(type) + " is not known; 0 to 12 are");
        };
    }
}
