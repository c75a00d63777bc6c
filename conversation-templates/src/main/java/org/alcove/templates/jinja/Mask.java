package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.conversation.TemplateException;
import org.alcove.templates.PieceWriter;

/**
 * Tells apart, character by character, what a template wrote from what it was given. Before rendering, each character of given
 * text is exchanged for a stand-in from Unicode's private use area that occurs nowhere else; whatever the template then cuts,
 * joins and moves, a stand-in stays a stand-in. Operations that look at characters see through it ({@link #plain(String)}), so
 * that the template decides as it would without. After rendering, stand-ins become {@code CONTENT}, the rest {@code CONTROL}: a
 * control token that holds one given character is none.
 *
 * <p>White space is left as it is (templates cut it off), and so are characters for which no stand-in is left; neither can
 * spell a control token, because the characters of those are served first.
 *
 * <p>The last character of each message has a stand-in of its own, its mark, so that a prompt shows which messages are in it.
 * Several thousand messages have one; those for which none is left are taken to be there.
 */
final class Mask {

    private static final char FIRST = '\uE000';
    private static final char LAST = '\uF8FF';

    private final Map<Character, Character> standIns = new HashMap<>();
    private final Map<Character, Character> originals = new HashMap<>();
    private final Map<Character, Character> unmarked = new HashMap<>();
    /** By the numbers of messages; null for one without. */
    private final List<Character> marks = new ArrayList<>();
    private final boolean pairs;

    private Mask(boolean pairs) {
        this.pairs = pairs;
    }

    /** A mask that changes nothing. */
    static Mask none() {
        return new Mask(true);
    }

    /**
     * A mask for one rendering.
     *
     * @param controlTokens what given text must not spell
     * @param source the template; its characters are not used as stand-ins
     * @param said the texts of the messages
     * @param given all other given texts
     */
    static Mask of(Collection<String> controlTokens, String source, List<String> said, Collection<String> given) {
        Set<Character> taken = new LinkedHashSet<>();
        Set<Character> wanted = new LinkedHashSet<>();
        collect(controlTokens, wanted, taken);
        int needed = wanted.size();
        collect(List.of(source), new LinkedHashSet<>(), taken);
        collect(said, wanted, taken);
        collect(given, wanted, taken);
        Mask mask = new Mask(Stream.of(controlTokens, List.of(source), said, given).flatMap(Collection::stream)
                .anyMatch(text -> text.chars().anyMatch(c -> Character.isSurrogate((char) c))));
        Iterator<Character> free = IntStream.rangeClosed(FIRST, LAST).mapToObj(c -> (char) c).filter(c -> !taken.contains(c))
                .iterator();
        for (char c : wanted) {
            if (!free.hasNext()) {
                break;
            }
            mask.standIns.put(c, free.next());
            mask.originals.put(mask.standIns.get(c), c);
        }
        if (mask.standIns.size() < needed) {
            throw new TemplateException(TemplateException.Cause.CONVERSATION, "the messages use so many of the "
                    + (LAST - FIRST + 1) + " private-use characters (U+E000 to U+F8FF) that fewer than the " + needed
                    + " needed to keep control tokens apart are left; take them out");
        }
        for (String text : said) {
            int last = last(text);
            mask.marks.add(last < 0 || !free.hasNext() ? null : mask.mark(text.charAt(last), free.next()));
        }
        return mask;
    }

    private char mark(char original, char mark) {
        originals.put(mark, original);
        unmarked.put(mark, standIns.get(original));
        return mark;
    }

    /** The place of the last character that says something, or -1: what stands behind it is cut off by many templates. */
    private static int last(String text) {
        return Texts.stripEnd(text, Texts::isSpace).length() - 1;
    }

    private static void collect(Collection<String> texts, Set<Character> wanted, Set<Character> taken) {
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c >= FIRST && c <= LAST) {
                    taken.add(c);
                }
                if (!Texts.isSpace(c)) {
                    wanted.add(c);
                }
            }
        }
    }

    /** Whether a character may take two halves: where none does, a place in a text is the number of characters before it. */
    boolean hasPairs() {
        return pairs;
    }

    /** Given text with stand-ins. */
    String cover(String text) {
        return exchange(text, standIns);
    }

    /** The text of a message with stand-ins and its mark. */
    String cover(int message, String text) {
        StringBuilder covered = new StringBuilder(cover(text));
        if (marks.get(message) != null) {
            covered.setCharAt(last(text), marks.get(message));
        }
        return covered.toString();
    }

    /** The text with its stand-ins, but without marks: equal texts of two messages become the same. */
    String unmarked(String text) {
        return exchange(text, unmarked);
    }

    /** The messages that say something and whose marks are not in a finished prompt, by their numbers from 0. */
    List<Integer> missing(String rendered) {
        BitSet there = new BitSet();
        rendered.chars().filter(c -> c >= FIRST && c <= LAST).forEach(there::set);
        return IntStream.range(0, marks.size()).filter(i -> marks.get(i) != null && !there.get(marks.get(i))).boxed().toList();
    }

    /** The text without stand-ins. */
    String plain(String text) {
        return exchange(text, originals);
    }

    /** The character a stand-in stands for, or the character itself. */
    char plain(char c) {
        return c < FIRST || c > LAST ? c : originals.getOrDefault(c, c);
    }

    /** What replaces a character of a text, for operations that change characters: given text stays given text. */
    String like(char model, String replacement) {
        return model >= FIRST && model <= LAST && originals.containsKey(model) ? cover(replacement) : replacement;
    }

    /** A finished prompt in pieces. Characters that are neither follow the one before them. */
    List<PromptPiece> pieces(String rendered) {
        PieceWriter out = new PieceWriter();
        boolean given = false;
        int start = 0;
        for (int i = 0; i < rendered.length(); i++) {
            char c = rendered.charAt(i);
            boolean standIn = c >= FIRST && c <= LAST && originals.containsKey(c);
            boolean own = !standIn && standIns.containsKey(c);
            if (given ? own : standIn) {
                write(out, given, rendered.substring(start, i));
                given = !given;
                start = i;
            }
        }
        write(out, given, rendered.substring(start));
        return new ArrayList<>(out.pieces());
    }

    private void write(PieceWriter out, boolean given, String text) {
        if (given) {
            out.content(plain(text));
        } else {
            out.control(text);
        }
    }

    private static String exchange(String text, Map<Character, Character> table) {
        if (table.isEmpty()) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = table.getOrDefault(chars[i], chars[i]);
        }
        return new String(chars);
    }
}
