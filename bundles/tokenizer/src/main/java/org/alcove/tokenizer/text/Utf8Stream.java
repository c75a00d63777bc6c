package org.alcove.tokenizer.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.alcove.tokenizer.Tokenizer;

/** Whole characters out of bytes that come in any portions; what is malformed becomes U+FFFD. */
final class Utf8Stream implements Tokenizer.StreamDecoder {
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final IntFunction<byte[]> bytes;
    /** Bytes of a character that is not whole yet: three at most. */
    private byte[] held = new byte[0];
    private boolean dropSpace;

    /**
     * @param bytes bytes of a token
     * @param dropSpace whether one space at the very beginning is left out
     */
    Utf8Stream(IntFunction<byte[]> bytes, boolean dropSpace) {
        this.bytes = bytes;
        this.dropSpace = dropSpace;
    }

    @Override
    public String next(int id) {
        return decode(bytes.apply(id), false);
    }

    @Override
    public String finish() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] more, boolean end) {
        byte[] all = more;
        int from = 0;
        if (dropSpace && more.length > 0) {
            dropSpace = false;
            from = more[0] == ' ' ? 1 : 0;
        }
        if (held.length > 0) {
            all = new byte[held.length + more.length];
            System.arraycopy(held, 0, all, 0, held.length);
            System.arraycopy(more, 0, all, held.length, more.length);
        }
        ByteBuffer in = ByteBuffer.wrap(all, from, all.length - from);
        CharBuffer out = CharBuffer.allocate(all.length - from + 1);
        utf8.reset();
        utf8.decode(in, out, end);
        held = new byte[in.remaining()];
        in.get(held);
        return out.flip().toString();
    }
}
