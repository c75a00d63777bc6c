package org.alcove.tokenizer.text;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds tokens that are looked for in the text itself, before it is cut into words: the longest at the leftmost place. */
final class AddedTokens {

    /**
     * A token found in the text itself.
     *
     * @param control whether it counts in control text only
     * @param takesLeft whether whitespace before it vanishes
     * @param takesRight whether whitespace after it vanishes
     * @param wordOnly whether a character of words beside it forbids it
     */
    record Added(int id, String spelling, boolean control, boolean takesLeft, boolean takesRight, boolean wordOnly) {

        static Added plain(int id, String spelling, boolean control) {
            return new Added(id, spelling, control, false, false, false);
        }
    }

    /** Receives a text in order. */
    interface Sink {
        /** Ordinary text between two positions; never empty. */
        void text(int from, int to);

        /** A token. */
        void token(int id);
    }

    /** As the authors' library, which asks Rust here: letters, marks, digits, what joins words, and joiners. */
    private static final Predicate<String> WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS).asMatchPredicate();

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>(2);
        private Added token;
    }

    private final Node root = new Node();

    AddedTokens(Collection<Added> tokens) {
        for (Added token : tokens) {
            Node node = root;
            for (int i = 0; i < token.spelling().length(); i++) {
                node = node.children.computeIfAbsent(token.spelling().charAt(i), c -> new Node());
            }
            if (node != root && node.token == null) {
                node.token = token;
            }
        }
    }

    /**
     * Cuts a text.
     *
     * @param control which characters are control text
     */
    void cut(String text, ControlText control, Sink sink) {
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            Added found = longest(text, at, control.endOfRun(at));
            if (found == null) {
                at++;
                continue;
            }
            int end = at + found.spelling().length();
            if (found.wordOnly() && !standsAlone(text, at, end)) {
                at = end;
                continue;
            }
            int from = at;
            while (found.takesLeft() && from > done && UnicodeSpace.is(text.charAt(from - 1))) {
                from--;
            }
            while (found.takesRight() && end < text.length() && UnicodeSpace.is(text.charAt(end))) {
                end++;
            }
            if (from > done) {
                sink.text(done, from);
            }
            sink.token(found.id());
            done = end;
            at = end;
        }
        if (done < text.length()) {
            sink.text(done, text.length());
        }
    }

    private Added longest(String text, int from, int controlEnd) {
        Added longest = null;
        Node node = root;
        for (int i = from; i < text.length(); i++) {
            node = node.children.get(text.charAt(i));
            if (node == null) {
                break;
            }
            if (node.token != null && (!node.token.control() || i < controlEnd)) {
                longest = node.token;
            }
        }
        return longest;
    }

    private static boolean standsAlone(String text, int from, int to) {
        return (from == 0 || !wordCharacter(text.codePointBefore(from)))
                && (to == text.length() || !wordCharacter(text.codePointAt(to)));
    }

    private static boolean wordCharacter(int c) {
        return WORD.test(Character.toString(c));
    }
}
