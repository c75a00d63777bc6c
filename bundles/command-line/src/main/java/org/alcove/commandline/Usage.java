package org.alcove.commandline;

import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.alcove.api.control.Command.Terminal;

/**
 * How a verb is used.
 *
 * @param verb the verb
 * @param text what {@code --help} prints, and what follows the message where the arguments are wrong
 * @param valued flags that take a value
 * @param plain flags that take none
 */
public record Usage(String verb, String text, Set<String> valued, Set<String> plain) {

    /** Exit status of wrong arguments. */
    public static final int MISUSED = 2;

    /**
     * What a verb does, its arguments once understood.
     *
     * @param <T> what they mean
     * @param <E> how it fails
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {

        /** Does it and returns the exit status. */
        int run(T order) throws E;
    }

    /** A verb whose flags all take a value. */
    public static Usage of(String verb, String text, String... valued) {
        return new Usage(verb, text, Set.of(valued), Set.of());
    }

    /** The same with flags that take no value. */
    public Usage and(String... flags) {
        return new Usage(verb, text, valued, Set.of(flags));
    }

    /**
     * Reads the arguments and does the work; prints the usage where that is asked for, or where they are wrong.
     *
     * @param meaning what they mean; throws {@link IllegalArgumentException} with what is wrong
     * @return exit status
     * @throws E if the work failed; with a file, in words that say what to do
     */
    public <T, E extends Exception> int run(List<String> arguments, Terminal terminal, Function<CommandLine, T> meaning,
            Work<T, E> work) throws E {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.out().println(text);
            return 0;
        }
        T order;
        try {
            order = meaning.apply(read(arguments));
        } catch (IllegalArgumentException e) {
            terminal.err().println("alcove " + verb + ": " + e.getMessage());
            terminal.err().println(text);
            return MISUSED;
        }
        try {
            return work.run(order);
        } catch (Exception e) {
            if (e instanceof FileSystemException named && named.getFile() != null) {
                // Who may throw the one may throw the other.
                @SuppressWarnings("unchecked")
                E told = (E) FileFailure.of(named);
                throw told;
            }
            throw e;
        }
    }

    /**
     * Tells words from flags.
     *
     * @throws IllegalArgumentException if a flag is unknown, given twice, or lacks its value
     */
    public CommandLine read(List<String> arguments) {
        List<String> words = new ArrayList<>();
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            boolean takesValue = valued.contains(word);
            if (!takesValue && !plain.contains(word)) {
                if (word.startsWith("-") && word.length() > 1) {
                    throw new IllegalArgumentException("there is no flag " + word);
                }
                words.add(word);
                continue;
            }
            if (takesValue && i + 1 == arguments.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            }
            if (flags.put(word, takesValue ? arguments.get(++i) : "") != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        return new CommandLine(List.copyOf(words), Map.copyOf(flags));
    }
}
