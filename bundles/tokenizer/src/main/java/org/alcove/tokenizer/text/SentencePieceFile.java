package org.alcove.tokenizer.text;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alcove.weights.ModelFormatException;

/**
 * Reads {@code tokenizer.model}, the protocol buffer SentencePiece writes. Fields used: pieces (1) with text (1), score (2) and
 * type (3, numbered as in GGUF); trainer (2) with the kind of model (3); normalizer (3) with its character map (2), whether a
 * space goes in front (3) and whether superfluous spaces vanish (4).
 */
final class SentencePieceFile {
    private static final long MAX_BYTES = 64L << 20;
    private static final int BPE = 2;

    private final Path file;
    private final List<String> spellings = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();
    private long modelType = 1;
    private boolean mapped;
    private boolean prefix = true;
    private boolean squeeze = true;

    private SentencePieceFile(Path file) {
        this.file = file;
    }

    static SentencePieceFile read(Path file) throws ModelFormatException {
        SentencePieceFile read = new SentencePieceFile(file);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw read.problem("has " + Files.size(file) + " bytes, at most " + MAX_BYTES + " are read");
            }
            read.model(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new ModelFormatException(file + " is no SentencePiece model or is cut short; fetch it again", e);
        } catch (ModelFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelFormatException(file + " cannot be read: " + e + "; check the file and its rights", e);
        }
        if (read.modelType != BPE) {
            throw read.problem("is a SentencePiece model of kind " + read.modelType + ", supported is " + BPE + " (BPE)");
        }
        if (read.mapped) {
            throw read.problem("rewrites characters before it cuts them, which is not supported");
        }
        return read;
    }

    Vocabulary vocabulary() throws ModelFormatException {
        return Vocabulary.of(file.toString(), spellings.toArray(String[]::new), kinds.toArray(TokenKind[]::new));
    }

    float[] scores() {
        float[] all = new float[scores.size()];
        for (int id = 0; id < all.length; id++) {
            all[id] = scores.get(id);
        }
        return all;
    }

    /** Id of the unknown token, or -1. */
    int unknown() {
        return kinds.indexOf(TokenKind.UNKNOWN);
    }

    boolean prefix() {
        return prefix;
    }

    boolean squeeze() {
        return squeeze;
    }

    private void model(ByteBuffer in) throws ModelFormatException {
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag >>> 3)) {
                case 1 -> piece(message(in, tag));
                case 2 -> trainer(message(in, tag));
                case 3 -> normalizer(message(in, tag));
                default -> skip(in, tag);
            }
        }
    }

    private void piece(ByteBuffer in) throws ModelFormatException {
        if (spellings.size() == Vocabulary.MAX_SIZE) {
            throw problem("has more than " + Vocabulary.MAX_SIZE + " tokens");
        }
        String spelling = "";
        float score = 0;
        TokenKind kind = TokenKind.NORMAL;
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag >>> 3)) {
                case 1 -> spelling = StandardCharsets.UTF_8.decode(message(in, tag)).toString();
                case 2 -> score = in.getFloat();
                case 3 -> kind = TokenKind.of((int) varint(in));
                default -> skip(in, tag);
            }
        }
        spellings.add(spelling);
        scores.add(score);
        kinds.add(kind.mislabelled(spelling) ? TokenKind.CONTROL : kind);
    }

    private void trainer(ByteBuffer in) {
        while (in.hasRemaining()) {
            long tag = varint(in);
            if (tag >>> 3 == 3) {
                modelType = varint(in);
            } else {
                skip(in, tag);
            }
        }
    }

    private void normalizer(ByteBuffer in) {
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag >>> 3)) {
                case 2 -> mapped = message(in, tag).hasRemaining();
                case 3 -> prefix = varint(in) != 0;
                case 4 -> squeeze = varint(in) != 0;
                default -> skip(in, tag);
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than ten bytes");
    }

    private static ByteBuffer message(ByteBuffer in, long tag) {
        long length = varint(in);
        if ((tag & 7) != 2 || length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a part has " + length + " bytes, " + in.remaining() + " are left");
        }
        ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) length);
        return part;
    }

    private static void skip(ByteBuffer in, long tag) {
        switch ((int) (tag & 7)) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> message(in, tag);
            case 5 -> in.getInt();
            default -> throw new IllegalArgumentException("a field of kind " + (tag & 7));
        }
    }

    private ModelFormatException problem(String what) {
        return new ModelFormatException(file + " " + what + "; use a model with a supported tokenizer");
    }
}
