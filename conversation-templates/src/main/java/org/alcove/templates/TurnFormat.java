package org.alcove.templates;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A prompt format as a data file describes it: what stands around a message, by the role of its sender.
 *
 * @param name the service property of the template
 * @param begin control text in front of everything, or empty
 * @param system how a system text is written; empty where the format has no place for one
 * @param seed control text between the system text and the first turn, or empty
 * @param user around a user's message
 * @param assistant around the model's own
 * @param rules what the format demands of a conversation and does to its texts
 * @param ranking service ranking: of two templates of one name the higher one is used
 * @param stops strings that end an answer
 * @param stopIds token ids that end an answer
 */
record TurnFormat(String name, String begin, Optional<SystemText> system, String seed, Turn user, Turn assistant, Rules rules,
        int ranking, List<String> stops, Set<Integer> stopIds) {

    /** Stands for the number of the turn in {@link Turn#before()}. */
    static final String ROUND = "{round}";

    /**
     * What stands around one message.
     *
     * @param before in front of it
     * @param after behind it
     * @param first in front of the first message of this role; {@code before} where the format makes no difference
     * @param open in front of the message the model is to write; {@code before} where the format makes no difference
     */
    record Turn(String before, String after, String first, String open) { }

    /**
     * How a system text is written.
     *
     * @param before in front of it
     * @param after behind it
     * @param preset the text where the conversation brings none; absent: nothing is written then
     * @param insideFirstUser whether it stands inside the first user turn, in front of the user's own text
     */
    record SystemText(String before, String after, Optional<String> preset, boolean insideFirstUser) { }

    /**
     * What the format demands of a conversation and does to its texts.
     *
     * @param anyOrder whether turns may follow in any order; otherwise user and assistant alternate, the user first
     * @param turns the most user turns it can express
     * @param trim whether white space around messages is cut off
     * @param firstRound the number that {@link #ROUND} starts with
     * @param replacements pairs of texts: each occurrence of the first in a message becomes the second, in this order
     */
    record Rules(boolean anyOrder, int turns, boolean trim, int firstRound, List<Replacement> replacements) { }

    /** One text for another. */
    record Replacement(String from, String to) { }
}
