package org.alcove.evaluation.task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;

/** A token for each character, behind a begin token; {@code ab} is one token. */
final class LetterTokenizer implements Tokenizer {

    static final int BEGIN = 0;
    static final int AB = 1;

    @Override
    public int size() {
        return Character.MAX_VALUE;
    }

    @Override
    public int[] encode(List<PromptPiece> pieces, boolean addBegin) {
        String text = pieces.stream().map(PromptPiece::text).collect(Collectors.joining());
        return ((addBegin ? "\0" : "") + text.replace("ab", "\1")).chars().toArray();
    }

    @Override
    public byte[] bytes(int id) {
        return decode(new int[] {id}).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(int[] ids) {
        return new String(ids, 0, ids.length).replace("\0", "").replace("\1", "ab");
    }

    @Override
    public StreamDecoder decoder() {
        throw new UnsupportedOperationException("nobody streams");
    }

    @Override
    public boolean isControl(int id) {
        return id == BEGIN;
    }

    @Override
    public String spelling(int id) {
        return decode(new int[] {id});
    }

    @Override
    public OptionalInt id(String spelling) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt beginId() {
        return OptionalInt.of(BEGIN);
    }

    @Override
    public Set<Integer> endIds() {
        return Set.of();
    }

    @Override
    public List<String> controlTokens() {
        return List.of();
    }
}
