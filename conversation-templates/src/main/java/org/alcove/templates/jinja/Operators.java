package org.alcove.templates.jinja;

import java.util.List;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;

/** The nodes of expressions that have operators. */
final class Operators {

    private Operators() { }

    /** {@code -x}, {@code +x}, {@code not x}. */
    static final class Unary extends Nodes.Expression {

        private final String operator;
        private final AstNode operand;

        Unary(String operator, AstNode operand) {
            this.operator = operator;
            this.operand = operand;
        }

        @Override
        Object value(Run run) {
            Object value = Nodes.value(operand, run);
            return switch (operator) {
                case "not" -> !Values.truth(value);
                case "-" -> value instanceof Double number ? (Object) (-number) : (Object) Math.negateExact(Values.whole(value));
                default -> value;
            };
        }
    }

    /** {@code a if c else b}. */
    static final class Choice extends Nodes.Expression {

        private final AstNode condition;
        private final AstNode chosen;
        private final AstNode otherwise;

        Choice(AstNode condition, AstNode chosen, AstNode otherwise) {
            this.condition = condition;
            this.chosen = chosen;
            this.otherwise = otherwise;
        }

        @Override
        Object value(Run run) {
            if (Values.truth(Nodes.value(condition, run))) {
                return Nodes.value(chosen, run);
            }
            return otherwise == null ? Values.UNDEFINED : Nodes.value(otherwise, run);
        }
    }

    /** {@code a < b <= c}: each pair must hold, and each operand is looked at once. */
    static final class Comparison extends Nodes.Expression {

        private final AstNode first;
        private final List<String> operators;
        private final List<AstNode> others;

        Comparison(AstNode first, List<String> operators, List<AstNode> others) {
            this.first = first;
            this.operators = operators;
            this.others = others;
        }

        @Override
        Object value(Run run) {
            Object left = Nodes.value(first, run);
            for (int i = 0; i < others.size(); i++) {
                Object right = Nodes.value(others.get(i), run);
                if (!holds(run, left, operators.get(i), right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        private static boolean holds(Run run, Object a, String operator, Object b) {
            return switch (operator) {
                case "==" -> Values.equal(run, a, b);
                case "!=" -> !Values.equal(run, a, b);
                case "<" -> Values.compare(run, a, b) < 0;
                case "<=" -> Values.compare(run, a, b) <= 0;
                case ">" -> Values.compare(run, a, b) > 0;
                case ">=" -> Values.compare(run, a, b) >= 0;
                case "in" -> Values.contains(run, b, a);
                default -> !Values.contains(run, b, a);
            };
        }
    }

    /** Two operands. */
    static final class Binary extends Nodes.Expression {

        private final String operator;
        private final AstNode left;
        private final AstNode right;

        Binary(String operator, AstNode left, AstNode right) {
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        Object value(Run run) {
            Object a = Nodes.value(left, run);
            if (operator.equals("and") || operator.equals("or")) {
                return Values.truth(a) == operator.equals("or") ? a : Nodes.value(right, run);
            }
            Object b = Nodes.value(right, run);
            return switch (operator) {
                case "~" -> Values.plus(run, Values.print(run, a), Values.print(run, b));
                case "+" -> Values.plus(run, a, b);
                case "*" -> Values.times(run, a, b);
                default -> arithmetic(a, b);
            };
        }

        private Object arithmetic(Object a, Object b) {
            boolean broken = a instanceof Double || b instanceof Double || operator.equals("/");
            if (!operator.equals("-") && !operator.equals("**") && Values.number(b) == 0) {
                throw Run.fault("divides by zero");
            }
            return switch (operator) {
                case "-" -> broken ? (Object) (Values.number(a) - Values.number(b))
                        : (Object) Math.subtractExact(Values.whole(a), Values.whole(b));
                case "/" -> Values.number(a) / Values.number(b);
                case "//" -> broken ? (Object) Math.floor(Values.number(a) / Values.number(b))
                        : (Object) Math.floorDiv(Values.whole(a), Values.whole(b));
                case "%" -> broken
                        ? (Object) (Values.number(a) - Values.number(b) * Math.floor(Values.number(a) / Values.number(b)))
                        : (Object) Math.floorMod(Values.whole(a), Values.whole(b));
                default -> power(a, b, broken);
            };
        }

        private static Object power(Object a, Object b, boolean broken) {
            if (broken || Values.whole(b) < 0) {
                return Math.pow(Values.number(a), Values.number(b));
            }
            long product = 1;
            long base = Values.whole(a);
            for (long i = Math.abs(base) < 2 ? Math.min(Values.whole(b), 2 - Values.whole(b) % 2) : Values.whole(b); i > 0; i--) {
                product = Math.multiplyExact(product, base);
            }
            return product;
        }
    }
}
