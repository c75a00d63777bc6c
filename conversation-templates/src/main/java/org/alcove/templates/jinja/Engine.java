package org.alcove.templates.jinja;

import com.google.common.collect.SetMultimap;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.expression.ExpressionStrategy;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Function;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.tree.TreeStore;
import jinjava.de.odysseus.el.tree.impl.Cache;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.javax.el.ExpressionFactory;
import org.alcove.api.conversation.TemplateException;

/** The library, set up so that a template reaches nothing but what it is given. */
final class Engine {

    private static final int CACHED_EXPRESSIONS = 2000;

    private final JinjavaConfig config = JinjavaConfig.newBuilder()
            .withNestedInterpretationEnabled(false).withTrimBlocks(false).withLstripBlocks(false)
            // Else a minus sign at the start of an expression is taken for white space control.
            .withLegacyOverrides(LegacyOverrides.newBuilder().withParseWhitespaceControlStrictly(true).build()).build();
    private final Library library;

    /** A template that was parsed. */
    record Compiled(String source, Node root) { }

    Engine() {
        // The library finds classes of its own by name through the context class loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Jinjava.class.getClassLoader());
        try {
            library = new Library(config);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    Compiled compile(String source) {
        String rewritten = JinjaSource.rewrite(source);
        return guarded(Mask.none(), LocalDateTime.MIN, source.length(), Map.of(),
                run -> new Compiled(rewritten, run.parse(rewritten)));
    }

    /** Renders; {@code given} are the variables, covered by the mask. */
    String render(Compiled template, Mask mask, Map<String, Object> given, LocalDateTime now, long givenChars) {
        return guarded(mask, now, givenChars, given, run -> run.render(template.root().getChildren()));
    }

    private <T> T guarded(Mask mask, LocalDateTime now, long chars, Map<String, Object> given, Function<Run, T> work) {
        Context context = new Root(library.getGlobalContext());
        context.setExpressionStrategy(new Printing());
        context.registerTag(new ForTag());
        context.registerTag(new IfTag());
        context.registerTag(new SetTag());
        context.registerTag(new MacroTag());
        context.registerTag(new SmallTags.Leave("break", Run.Exit.BREAK));
        context.registerTag(new SmallTags.Leave("continue", Run.Exit.CONTINUE));
        context.registerTag(new SmallTags.Generation());
        Run run = new Run(library, context, config, mask, now, chars);
        given.forEach(run::variable);
        try (var _ = JinjavaInterpreter.closeablePushCurrent(run).get()) {
            return work.apply(run);
        } catch (StackOverflowError e) {
            throw Run.fault("is nested too deep");
        } catch (RuntimeException e) {
            throw known(e);
        }
    }

    private static TemplateException known(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateException fault) {
                return fault;
            }
        }
        // The message of a stranger's exception may quote what was rendered: only its kind is passed on.
        return Run.fault("cannot be rendered (" + e.getClass().getSimpleName() + ")");
    }

    /** The library with this package's grammar. */
    private static final class Library extends Jinjava {

        private final ExpressionFactory expressions;

        Library(JinjavaConfig config) {
            super(config);
            expressions = new ExpressionFactoryImpl(new TreeStore(new Syntax(), new Cache(CACHED_EXPRESSIONS)));
        }

        @Override
        public ExpressionFactory getExpressionFactory() {
            return expressions;
        }
    }

    /** The outermost scope of one rendering; what the library notes of it stays out of the scope all renderings share. */
    private static final class Root extends Context {

        Root(Context shared) {
            super(shared);
        }

        @Override
        public void addResolvedExpression(String expression) {
            // Kept by the library for its users' statistics.
        }

        @Override
        public void addResolvedValue(String value) {
            // Kept by the library for its users' statistics.
        }

        @Override
        public void addDependencies(SetMultimap<String, String> dependencies) {
            // Of included templates, which there are none of.
        }

        @Override
        public void addResolvedFunction(String function) {
            // Kept by the library for its users' statistics.
        }
    }

    private static final class Syntax extends ExtendedSyntaxBuilder {

        private static final long serialVersionUID = 1L;

        @Override
        protected Parser createParser(String expression) {
            return new Grammar(this, expression);
        }
    }

    private static final class Printing implements ExpressionStrategy {

        private static final long serialVersionUID = 1L;

        @Override
        public RenderedOutputNode interpretOutput(ExpressionToken master, JinjavaInterpreter interpreter) {
            Object value = interpreter.resolveELExpression(master.getExpr(), master.getLineNumber());
            return new RenderedOutputNode(Values.print((Run) interpreter, value));
        }
    }
}
