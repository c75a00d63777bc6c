package org.alcove.tokenizer.text;

/** How SentencePiece writes a text before it merges: spaces become U+2581, and one may be put in front. */
final class SentencePieceText {

    private SentencePieceText() {
    }

    /**
     * @param prefix whether a space is put in front of every text
     * @param squeeze whether outer spaces vanish and inner ones become one
     */
    static Normalizer normalizer(boolean prefix, boolean squeeze) {
        return text -> {
            String spaced = squeeze ? text.strip().replaceAll(" {2,}", " ") : text;
            if (spaced.isEmpty()) {
                return spaced;
            }
            return (prefix ? TokenBytes.SPACE_MARK : "") + spaced.replace(" ", TokenBytes.SPACE_MARK);
        };
    }
}
