package org.alcove.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;

/** One token per byte, and three control tokens behind them. */
final class FakeTokenizer implements Tokenizer {

    static final int BEGIN = 256;
    static final int END = 257;
    static final int TURN = 258;
    private static final List<String> CONTROL = List.of("<s>", "</s>", "<|im_end|>");

    /** What encoding any text comes to, or null. */
    volatile String refusal;

    static int[] ids(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    @Override
    public int size() {
        return 259;
    }

    @Override
    public int[] encode(List<PromptPiece> pieces, boolean addBegin) {
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        IntStream.Builder ids = IntStream.builder();
        if (addBegin) {
            ids.add(BEGIN);
        }
        for (PromptPiece piece : pieces) {
            if (piece.kind() == PromptPiece.Kind.CONTROL && CONTROL.contains(piece.text())) {
                ids.add(BEGIN + CONTROL.indexOf(piece.text()));
            } else {
                IntStream.of(ids(piece.text())).forEach(ids::add);
            }
        }
        return ids.build().toArray();
    }

    @Override
    public byte[] bytes(int id) {
        return id < 256 ? new byte[] {(byte) id} : new byte[0];
    }

    @Override
    public String decode(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IntStream.of(ids).forEach(id -> bytes.writeBytes(bytes(id)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Good for well-formed text: gives out what is held as soon as it is whole characters. */
    @Override
    public StreamDecoder decoder() {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        return new StreamDecoder() {
            @Override
            public String next(int id) {
                held.writeBytes(bytes(id));
                String text = held.toString(StandardCharsets.UTF_8);
                if (text.contains("\uFFFD")) {
                    return "";
                }
                held.reset();
                return text;
            }

            @Override
            public String finish() {
                String text = held.toString(StandardCharsets.UTF_8);
                held.reset();
                return text;
            }
        };
    }

    @Override
    public boolean isControl(int id) {
        return id >= BEGIN;
    }

    @Override
    public String spelling(int id) {
        return id >= BEGIN ? CONTROL.get(id - BEGIN) : String.valueOf((char) id);
    }

    @Override
    public OptionalInt id(String spelling) {
        int index = CONTROL.indexOf(spelling);
        return index >= 0 ? OptionalInt.of(BEGIN + index)
                : spelling.length() == 1 ? OptionalInt.of(spelling.charAt(0)) : OptionalInt.empty();
    }

    @Override
    public OptionalInt beginId() {
        return OptionalInt.of(BEGIN);
    }

    @Override
    public Set<Integer> endIds() {
        return Set.of(END);
    }

    @Override
    public List<String> controlTokens() {
        return CONTROL;
    }
}
