package org.alcove.tokenizer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.api.conversation.PromptPiece;
import org.osgi.annotation.versioning.ProviderType;

/** Text to ids and back, for one model. Immutable and thread-safe. */
@ProviderType
public interface Tokenizer {

    /** Number of token ids. */
    int size();

    /**
     * Ids of a prompt. Spellings of control tokens become control ids in {@code CONTROL} pieces only; between control tokens the
     * pieces are joined first, so that where one piece ends and the next begins leaves no trace.
     *
     * @param addBegin whether the begin token is put in front, where the model wants one and the pieces do not spell it already
     */
    int[] encode(List<PromptPiece> pieces, boolean addBegin);

    /** Ids of a text in which nothing is control, without a begin token. */
    default int[] encode(String text) {
        return encode(List.of(PromptPiece.content(text)), false);
    }

    /** Bytes a token adds to a text; empty for control tokens. A token may be a part of a character. */
    byte[] bytes(int id);

    /** The text of ids, malformed bytes replaced; control tokens add nothing. */
    String decode(int[] ids);

    /** A decoder for ids that come one by one, for an answer that follows a prompt. */
    StreamDecoder decoder();

    /** Whether an id is a control token. */
    boolean isControl(int id);

    /** Spelling of a token as the vocabulary has it. */
    String spelling(int id);

    /** Id of the token spelled so, control tokens included. */
    OptionalInt id(String spelling);

    /** Id of the begin token. */
    OptionalInt beginId();

    /** Ids that end an answer: end of sequence, end of turn, end of message. */
    Set<Integer> endIds();

    /** Spellings of all control tokens. */
    List<String> controlTokens();

    /** Turns ids that come one by one into text; never splits a character. Used by one thread. */
    @ProviderType
    interface StreamDecoder {

        /** The characters that are whole now that this token is there too; may be empty. */
        String next(int id);

        /** What is left at the end, malformed bytes replaced. */
        String finish();
    }
}
