package org.alcove.api.control;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A verb of the command line, for example {@code ./alcove tokenize}. A service: the launcher starts the framework without HTTP,
 * finds the command by the service property {@value #NAME} and calls it.
 */
@ConsumerType
public interface Command {

    /** Service property: the verb (String). */
    String NAME = "alcove.command.name";

    /** Service property: one line for {@code ./alcove --help} (String). */
    String SUMMARY = "alcove.command.summary";

    /**
     * Runs the command.
     *
     * @param arguments what follows the verb
     * @param terminal where to read and write
     * @return exit status: 0 for success, 1 where the work failed, 2 where the arguments are wrong
     * @throws Exception if the work failed; the launcher prints its message as one line and exits with 1
     */
    int run(List<String> arguments, Terminal terminal) throws Exception;

    /**
     * Where a command reads and writes.
     *
     * @param in standard input
     * @param out results
     * @param err progress and errors
     * @param interactive whether {@code err} is a terminal that can redraw a line
     */
    record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
    }
}
