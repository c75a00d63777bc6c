package org.alcove.tokenizer.text;

/**
 * The usual way from text to ids.
 *
 * @param normalizer rewrites the text
 * @param added tokens looked for in the rewritten text
 * @param preTokenizer cuts it into words
 * @param model turns words into ids
 */
record TextPipeline(Normalizer normalizer, AddedTokens added, PreTokenizer preTokenizer, BytePairModel model)
        implements TextModel {

    @Override
    public void encode(String text, boolean first, Ids out) {
        String normalized = normalizer.apply(text);
        MergeRun run = model.run();
        added.cut(normalized, ControlText.NONE, new AddedTokens.Sink() {
            @Override
            public void text(int from, int to) {
                preTokenizer.cut(normalized.substring(from, to), first && from == 0, word -> model.encode(word, run, out));
            }

            @Override
            public void token(int id) {
                out.add(id);
            }
        });
    }
}
