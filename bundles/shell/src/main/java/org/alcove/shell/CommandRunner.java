package org.alcove.shell;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntConsumer;
import org.alcove.api.control.Command;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the one command this process was started for, and reports its exit status.
 *
 * <p>When everything has started, plug-ins included, the launcher publishes an {@link IntConsumer} with the verb ({@value #VERB})
 * and its arguments ({@value #ARGUMENTS}); a serving process publishes none and this component is never activated.
 */
@Component(service = {}, immediate = true)
public final class CommandRunner {

    static final String VERB = "alcove.command";
    static final String ARGUMENTS = "alcove.arguments";
    static final int FAILED = 1;
    static final int MISUSED = 2;
    private static final long MIB = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    /** A command with what the help prints of it. */
    private record Entry(String name, String summary, Command command) {
    }

    private final ConcurrentMap<Command, Entry> commands = new ConcurrentHashMap<>();
    private final IntConsumer exit;
    private final String verb;
    private final List<String> arguments;

    @Activate
    public CommandRunner(@Reference(target = "(" + VERB + "=*)") Map.Entry<Map<String, Object>, IntConsumer> exit) {
        this.exit = exit.getValue();
        this.verb = (String) exit.getKey().get(VERB);
        this.arguments = List.of((String[]) exit.getKey().get(ARGUMENTS));
    }

    /** When all commands that there are have been bound. */
    @Activate
    void start() {
        Thread.ofPlatform().name("alcove-command-" + verb).start(() -> {
            int status = FAILED;
            try {
                status = run();
            } finally {
                exit.accept(status);
            }
        });
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCommand(Command command, Map<String, Object> properties) {
        String name = String.valueOf(properties.get(Command.NAME));
        commands.put(command, new Entry(name, String.valueOf(properties.getOrDefault(Command.SUMMARY, "")), command));
    }

    void unbindCommand(Command command) {
        commands.remove(command);
    }

    private int run() {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        try {
            return run(new Command.Terminal(System.in, out, err, System.console() != null && System.console().isTerminal()));
        } catch (Throwable failure) {
            // An error ends the command like any other failure: nobody else is there to tell of it.
            LOG.debug("command {} failed", verb, failure);
            err.println("alcove " + verb + ": " + told(failure));
            return FAILED;
        } finally {
            out.flush();
        }
    }

    private static String told(Throwable failure) {
        return switch (failure) {
            case OutOfMemoryError memory -> memory + "; Java takes at most " + Runtime.getRuntime().maxMemory() / MIB
                    + " MiB here, ALCOVE_JAVA_FLAGS=-Xmx… gives it more";
            case Exception exception when exception.getMessage() != null -> exception.getMessage();
            default -> failure.toString();
        };
    }

    private int run(Command.Terminal terminal) throws Exception {
        if (verb.equals("help")) {
            entries().forEach(entry -> terminal.out().printf("  %-12s %s%n", entry.name(), entry.summary()));
            return 0;
        }
        for (Entry entry : entries()) {
            if (entry.name().equals(verb)) {
                return entry.command().run(arguments, terminal);
            }
        }
        terminal.err().println("alcove: there is no command '" + verb + "'; './alcove --help' lists them");
        return MISUSED;
    }

    private List<Entry> entries() {
        return commands.values().stream().sorted(Comparator.comparing(Entry::name)).toList();
    }
}
