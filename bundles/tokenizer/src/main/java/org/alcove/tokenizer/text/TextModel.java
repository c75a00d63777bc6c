package org.alcove.tokenizer.text;

/** Turns text in which nothing is control into ids: normalizes, cuts into words, merges. */
interface TextModel {

    /**
     * Appends the ids of a text.
     *
     * @param text between two tokens that were found in the text itself; not empty
     * @param first whether it begins the prompt
     */
    void encode(String text, boolean first, Ids out);
}
