package org.alcove.tokenizer.text;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;

/** A tokenizer put together from what a model file says. */
final class PieceTokenizer implements Tokenizer {
    private final Vocabulary vocabulary;
    private final AddedTokens added;
    private final TextModel model;
    private final Ends ends;
    private final byte[][] bytes;
    private final boolean dropLeadingSpace;
    private final List<String> controlTokens;

    /**
     * Where texts begin and end.
     *
     * @param begin id of the begin token, or -1
     * @param addBegin whether the model wants it in front
     * @param ends ids that end an answer
     */
    record Ends(int begin, boolean addBegin, Set<Integer> ends) {
    }

    PieceTokenizer(Vocabulary vocabulary, AddedTokens added, TextModel model, TokenBytes writing, Ends ends) {
        this.vocabulary = vocabulary;
        this.added = added;
        this.model = model;
        this.ends = ends;
        this.bytes = writing.all(vocabulary);
        this.dropLeadingSpace = writing.dropLeadingSpace();
        this.controlTokens = vocabulary.controlTokens();
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public int[] encode(List<PromptPiece> pieces, boolean addBegin) {
        ControlText prompt = ControlText.of(pieces);
        String text = prompt.text();
        Ids out = new Ids();
        boolean begin = addBegin && ends.addBegin() && ends.begin() >= 0;
        if (begin) {
            out.add(ends.begin());
        }
        added.cut(text, prompt, new AddedTokens.Sink() {
            private boolean atBegin = begin;

            @Override
            public void text(int from, int to) {
                model.encode(text.substring(from, to), from == 0, out);
                atBegin = false;
            }

            @Override
            public void token(int id) {
                // The template may have spelled the begin token itself.
                if (!(atBegin && id == ends.begin())) {
                    out.add(id);
                }
                atBegin = false;
            }
        });
        return out.toArray();
    }

    @Override
    public byte[] bytes(int id) {
        vocabulary.kind(id);
        return bytes[id].clone();
    }

    @Override
    public String decode(int[] ids) {
        Utf8Stream stream = new Utf8Stream(this::shared, dropLeadingSpace);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.next(id));
        }
        return text.append(stream.finish()).toString();
    }

    @Override
    public StreamDecoder decoder() {
        return new Utf8Stream(this::shared, false);
    }

    private byte[] shared(int id) {
        vocabulary.kind(id);
        return bytes[id];
    }

    @Override
    public boolean isControl(int id) {
        return vocabulary.kind(id).control();
    }

    @Override
    public String spelling(int id) {
        return vocabulary.spelling(id);
    }

    @Override
    public OptionalInt id(String spelling) {
        return vocabulary.id(spelling);
    }

    @Override
    public OptionalInt beginId() {
        return ends.begin() < 0 ? OptionalInt.empty() : OptionalInt.of(ends.begin());
    }

    @Override
    public Set<Integer> endIds() {
        return ends.ends();
    }

    @Override
    public List<String> controlTokens() {
        return controlTokens;
    }
}
