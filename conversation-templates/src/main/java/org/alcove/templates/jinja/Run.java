package org.alcove.templates.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import java.time.LocalDateTime;
import org.alcove.api.conversation.TemplateException;

/**
 * One parsing or rendering, with its limits. Work is counted, not timed, so that the same template ends the same way on any
 * machine; a clock is only the last resort. Any error ends it: the library would note most of them and print on.
 */
final class Run extends JinjavaInterpreter {

    /** Units of work (about one operation, or eight characters) a template may cost, beside what its messages cost. */
    private static final long WORK = 1_000_000;
    private static final long MAX_NANOS = 5_000_000_000L;
    private static final long MAX_LENGTH = 1 << 20;
    private static final int MAX_SIZE = 100_000;
    private static final int MAX_MACRO_DEPTH = 40;
    private static final String HOME = "__home";

    /** Whether the innermost loop is to be left or to go on with its next element. */
    enum Exit { NONE, BREAK, CONTINUE }

    private final Mask mask;
    private final LocalDateTime now;
    private final long maxLength;
    private final long maxWork;
    private final long deadline = System.nanoTime() + MAX_NANOS;
    private long work;
    private int macros;
    private Exit exit = Exit.NONE;
    private TemplateException fault;

    Run(Jinjava library, Context context, JinjavaConfig config, Mask mask, LocalDateTime now, long givenChars) {
        super(library, context, config);
        this.mask = mask;
        this.now = now;
        this.maxLength = MAX_LENGTH + 4 * givenChars;
        this.maxWork = WORK + 8 * givenChars;
    }

    static Run current() {
        return (Run) JinjavaInterpreter.getCurrent();
    }

    static TemplateException fault(String problem) {
        return new TemplateException(TemplateException.Cause.TEMPLATE, "the model's template " + problem
                + "; choose a named template for this model instead");
    }

    /** A part of a template's text for a message: short and printable. */
    static String shown(String text) {
        String plain = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return plain.replaceAll("[^\\p{Alnum}\\p{Punct} …]", "?");
    }

    Mask mask() {
        return mask;
    }

    LocalDateTime now() {
        return now;
    }

    /** Counts work. */
    void spend(long units) {
        work += 1 + units;
        if (work > maxWork) {
            throw fault("takes more than " + maxWork + " steps");
        }
        if ((work & 1023) < units + 1 && System.nanoTime() > deadline) {
            throw fault("takes longer than " + MAX_NANOS / 1_000_000_000 + " seconds");
        }
    }

    /** Counts a text that was made, and gives it back. */
    String made(String text) {
        checkLength(text.length());
        spend(text.length() / 8);
        return text;
    }

    void checkLength(long chars) {
        if (chars > maxLength) {
            throw fault("makes a text of more than " + maxLength + " characters");
        }
    }

    void checkSize(long elements) {
        if (elements > MAX_SIZE) {
            throw fault("makes a list of more than " + MAX_SIZE + " elements");
        }
        spend(elements);
    }

    Exit exit() {
        return exit;
    }

    void exit(Exit next) {
        exit = next;
    }

    /** Renders nodes one after another, until a loop is to be left. */
    String render(Iterable<Node> nodes) {
        StringBuilder out = new StringBuilder();
        for (Node node : nodes) {
            if (exit != Exit.NONE) {
                break;
            }
            spend(4);
            out.append(node.render(this).getValue());
            checkLength(out.length());
        }
        return made(out.toString());
    }

    Object variable(String name) {
        for (Context scope = getContext(); scope != null; scope = outer(scope)) {
            Object value = scope.getScope().get(key(name));
            if (value != null) {
                return value instanceof NoneHolder ? null : value;
            }
        }
        return Parameters.FUNCTIONS.names().contains(name) ? new Values.Function(name) : Values.UNDEFINED;
    }

    void variable(String name, Object value) {
        getContext().put(key(name), value == null ? NoneHolder.NONE : value);
    }

    /** Makes the innermost scope that of a macro: around it lies the one it was defined in, not the one it is called from. */
    void definedIn(Context home) {
        getContext().put(HOME, home);
    }

    private static Context outer(Context scope) {
        return scope.getScope().get(HOME) instanceof Context home ? home : scope.getParent();
    }

    /** The library keeps things of its own under names that begin with two underscores: a template's are kept apart. */
    private static String key(String name) {
        return name.startsWith("__") ? " " + name : name;
    }

    String call(MacroTag.Macro macro, Arguments args) {
        spend(20);
        if (macros >= MAX_MACRO_DEPTH) {
            throw fault("calls macros more than " + MAX_MACRO_DEPTH + " deep");
        }
        macros++;
        Exit before = exit;
        exit = Exit.NONE;
        try {
            return macro.render(this, args);
        } finally {
            macros--;
            exit = before;
        }
    }

    /** Notes what ends an expression: the library takes the message of an exception for a format and stumbles over '%'. */
    RuntimeException stopped(RuntimeException e) {
        fault = e instanceof TemplateException known ? known : fault("calculates a whole number of more than 64 bits");
        return new IllegalStateException("stopped");
    }

    @Override
    public void addError(TemplateError error) {
        if (fault != null) {
            throw fault;
        }
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateException known) {
                throw known;
            }
        }
        throw fault("is faulty in line " + error.getLineno() + " (after white space control): "
                + shown(String.valueOf(error.getMessage())));
    }

    /** Stands for none in a scope, where the library takes null for "not there". */
    private enum NoneHolder { NONE }
}
