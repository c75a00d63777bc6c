package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstRightValue;
import jinjava.javax.el.ELContext;
import org.alcove.api.conversation.TemplateException;

/** The nodes of expressions. */
final class Nodes {

    private Nodes() { }

    /** A node; evaluating one costs a unit of work. */
    abstract static class Expression extends AstRightValue {

        abstract Object value(Run run);

        @Override
        public final Object eval(Bindings bindings, ELContext context) {
            Run run = Run.current();
            try {
                return value(run);
            } catch (TemplateException | ArithmeticException e) {
                throw run.stopped(e);
            }
        }

        @Override
        public void appendStructure(StringBuilder text, Bindings bindings) {
            text.append(getClass().getSimpleName());
        }

        @Override
        public int getCardinality() {
            return 0;
        }

        @Override
        public AstNode getChild(int index) {
            return null;
        }
    }

    static Object value(AstNode node, Run run) {
        run.spend(1);
        return ((Expression) node).value(run);
    }

    /** Arguments as they are written. */
    record Given(List<AstNode> listed, Map<String, AstNode> named) {

        static final Given NONE = new Given(List.of(), Map.of());

        Arguments values(Run run) {
            List<Object> values = new ArrayList<>();
            listed.forEach(node -> values.add(Nodes.value(node, run)));
            Map<String, Object> names = new LinkedHashMap<>();
            named.forEach((name, node) -> names.put(name, Nodes.value(node, run)));
            return new Arguments(values, names);
        }
    }

    /** A literal. */
    static final class Constant extends Expression {

        private final Object constant;

        Constant(Object constant) {
            this.constant = constant;
        }

        @Override
        Object value(Run run) {
            return constant;
        }
    }

    /** A variable. */
    static final class Name extends Expression {

        private final String name;

        Name(String name) {
            this.name = name;
        }

        @Override
        Object value(Run run) {
            return run.variable(name);
        }
    }

    /** {@code x[key]} and {@code x.key}. */
    static final class Item extends Expression {

        private final AstNode base;
        private final AstNode key;

        Item(AstNode base, AstNode key) {
            this.base = base;
            this.key = key;
        }

        @Override
        Object value(Run run) {
            return Values.item(run, Nodes.value(base, run), Nodes.value(key, run));
        }
    }

    /** {@code x[from:to:step]}. */
    static final class Slice extends Expression {

        private final AstNode base;
        private final AstNode[] parts;

        Slice(AstNode base, AstNode[] parts) {
            this.base = base;
            this.parts = parts;
        }

        @Override
        Object value(Run run) {
            Object whole = Nodes.value(base, run);
            if (whole == Values.UNDEFINED) {
                throw Run.fault("slices something undefined");
            }
            int size = whole instanceof String text ? Characters.count(run, text) : Values.elements(run, whole).size();
            run.spend(size / 8);
            Long step = part(2, run);
            if (step != null && step == 0) {
                throw Run.fault("slices in steps of zero");
            }
            boolean back = step != null && step < 0;
            long stride = step == null ? 1 : step;
            long from = bound(part(0, run), size, back ? size - 1 : 0, back);
            long to = bound(part(1, run), size, back ? -1 : size, back);
            if (whole instanceof String text && stride == 1) {
                return from < to ? text.substring(Characters.place(run, text, from), Characters.place(run, text, to)) : "";
            }
            List<Object> elements = Values.elements(run, whole);
            List<Object> slice = new ArrayList<>();
            for (long i = from; back ? i > to : i < to; i += stride) {
                slice.add(elements.get((int) i));
            }
            return whole instanceof String ? Texts.join(run, slice, "") : Values.like(whole, slice);
        }

        private Long part(int index, Run run) {
            Object value = parts[index] == null ? null : Nodes.value(parts[index], run);
            return value == null ? null : (Long) Values.whole(value);
        }

        private static long bound(Long given, int size, long preset, boolean back) {
            if (given == null) {
                return preset;
            }
            return Math.clamp(given < 0 ? given + size : given, back ? -1L : 0L, back ? size - 1L : (long) size);
        }
    }

    /** {@code [a, b]} and {@code (a, b)}. */
    static final class Sequence extends Expression {

        private final List<AstNode> items;
        private final boolean tuple;

        Sequence(List<AstNode> items, boolean tuple) {
            this.items = items;
            this.tuple = tuple;
        }

        @Override
        Object value(Run run) {
            List<Object> values = new ArrayList<>();
            items.forEach(item -> values.add(Nodes.value(item, run)));
            return tuple ? new Values.Tuple(values) : values;
        }
    }

    /** <code>{a: b}</code>. */
    static final class Mapping extends Expression {

        private final Map<AstNode, AstNode> entries;

        Mapping(Map<AstNode, AstNode> entries) {
            this.entries = entries;
        }

        @Override
        Object value(Run run) {
            Map<Object, Object> values = new LinkedHashMap<>();
            entries.forEach((key, item) -> values.put(Values.key(run, values, Nodes.value(key, run)), Nodes.value(item, run)));
            return values;
        }
    }

    /** {@code x|name(...)}. */
    static final class Filtered extends Expression {

        private final String name;
        private final AstNode operand;
        private final Given given;

        Filtered(String name, AstNode operand, Given given) {
            this.name = name;
            this.operand = operand;
            this.given = given;
        }

        @Override
        Object value(Run run) {
            return Filters.apply(run, name, Nodes.value(operand, run), given.values(run));
        }
    }

    /** {@code x is name(...)}. */
    static final class Checked extends Expression {

        private final String name;
        private final AstNode operand;
        private final Given given;
        private final boolean negated;

        Checked(String name, AstNode operand, Given given, boolean negated) {
            this.name = name;
            this.operand = operand;
            this.given = given;
            this.negated = negated;
        }

        @Override
        Object value(Run run) {
            return Checks.holds(run, name, Nodes.value(operand, run), given.values(run)) != negated;
        }
    }

    /** {@code x.name(...)}. */
    static final class Method extends Expression {

        private final AstNode base;
        private final String name;
        private final Given given;

        Method(AstNode base, String name, Given given) {
            this.base = base;
            this.name = name;
            this.given = given;
        }

        @Override
        Object value(Run run) {
            return Methods.call(run, Nodes.value(base, run), name, given.values(run));
        }
    }

    /** {@code name(...)}: a macro or a function. */
    static final class Call extends Expression {

        private final AstNode callee;
        private final Given given;

        Call(AstNode callee, Given given) {
            this.callee = callee;
            this.given = given;
        }

        @Override
        Object value(Run run) {
            Arguments args = given.values(run);
            Object called = Nodes.value(callee, run);
            if (called instanceof MacroTag.Macro macro) {
                return run.call(macro, args);
            }
            if (called instanceof Values.Function function) {
                return Methods.function(run, function.name(), args);
            }
            throw Run.fault("calls " + (callee instanceof Name name ? "'" + Run.shown(name.name) + "', which is " : "")
                    + Values.kind(called));
        }
    }
}
