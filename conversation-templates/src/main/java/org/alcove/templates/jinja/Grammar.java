package org.alcove.templates.jinja;

import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner.ExtensionToken;
import jinjava.de.odysseus.el.tree.impl.Scanner.ScanException;
import jinjava.de.odysseus.el.tree.impl.Scanner.Symbol;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;

/**
 * The grammar of expressions, with Python's precedence, on the library's scanner and parser. Every node it makes is one of
 * {@link Nodes} or {@link Operators}: the library's own, which look up properties and methods of Java objects, are never made.
 */
final class Grammar extends Primaries {

    private static final int MAX_NESTING = 200;
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=", "in");

    private int nesting;

    Grammar(Builder builder, String input) {
        super(builder, input);
        operator(CollectionMembershipOperator.TOKEN, ExtensionPoint.CMP, "in");
        operator(CollectionNonMembershipOperator.TOKEN, ExtensionPoint.CMP, "not in");
        operator(StringConcatOperator.TOKEN, ExtensionPoint.ADD, "~");
        operator(TruncDivOperator.TOKEN, ExtensionPoint.MUL, "//");
        operator(PowerOfOperator.TOKEN, ExtensionPoint.MUL, "**");
    }

    private void operator(ExtensionToken token, ExtensionPoint point, String name) {
        putExtensionHandler(token, new ExtensionHandler(point) {
            @Override
            public AstNode createAstNode(AstNode... operands) {
                return new Operators.Binary(name, operands[0], operands[1]);
            }
        });
    }

    @Override
    protected AstNode expr(boolean required) throws ScanException, ParseException {
        if (++nesting > MAX_NESTING) {
            throw Run.fault("has an expression that is more than " + MAX_NESTING + " deep");
        }
        AstNode value = or(required);
        if (value != null && is("if")) {
            consumeToken();
            AstNode condition = or(true);
            AstNode otherwise = null;
            if (is("else")) {
                consumeToken();
                otherwise = expr(true);
            }
            value = new Operators.Choice(condition, value, otherwise);
        }
        nesting--;
        return value;
    }

    @Override
    protected AstNode or(boolean required) throws ScanException, ParseException {
        return chain(this::and, required, "or");
    }

    @Override
    protected AstNode and(boolean required) throws ScanException, ParseException {
        return chain(this::not, required, "and");
    }

    private AstNode not(boolean required) throws ScanException, ParseException {
        if (is("not")) {
            consumeToken();
            return new Operators.Unary("not", not(true));
        }
        return cmp(required);
    }

    @Override
    protected AstNode cmp(boolean required) throws ScanException, ParseException {
        AstNode first = add(required);
        List<String> operators = new ArrayList<>();
        List<AstNode> others = new ArrayList<>();
        for (String next = comparison(); first != null && next != null; next = comparison()) {
            operators.add(next);
            others.add(add(true));
        }
        return others.isEmpty() ? first : new Operators.Comparison(first, operators, others);
    }

    /** The next token, taken, if it compares; else null. */
    private String comparison() throws ScanException, ParseException {
        if (is("not") && "in".equals(lookahead(0).getImage())) {
            consumeToken();
            consumeToken();
            return "not in";
        }
        return COMPARISONS.stream().anyMatch(this::is) ? consumeToken().getImage() : null;
    }

    @Override
    protected AstNode add(boolean required) throws ScanException, ParseException {
        return chain(first -> chain(this::mul, first, "~"), required, "+", "-");
    }

    @Override
    protected AstNode mul(boolean required) throws ScanException, ParseException {
        return chain(this::power, required, "*", "/", "//", "%");
    }

    /** From left to right, and weaker than a sign: so Jinja has it, unlike Python. */
    private AstNode power(boolean required) throws ScanException, ParseException {
        return chain(this::unary, required, "**");
    }

    @Override
    protected AstNode unary(boolean required) throws ScanException, ParseException {
        return filtered(signed(required));
    }

    private AstNode signed(boolean required) throws ScanException, ParseException {
        if (is("-") || is("+")) {
            String sign = consumeToken().getImage();
            return new Operators.Unary(sign, signed(true));
        }
        AstNode value = value();
        if (value == null && required) {
            fail("expression");
        }
        return value;
    }

    /** Filters and tests behind a value. */
    private AstNode filtered(AstNode operand) throws ScanException, ParseException {
        AstNode value = operand;
        while (value != null) {
            if (is("|")) {
                consumeToken();
                String name = consumeToken(Symbol.IDENTIFIER).getImage();
                boolean given = getToken().getSymbol() == Symbol.LPAREN;
                value = new Nodes.Filtered(name, value, given ? arguments() : Nodes.Given.NONE);
            } else if (is("is")) {
                consumeToken();
                boolean negated = is("not");
                if (negated) {
                    consumeToken();
                }
                String name = consumeToken().getImage();
                value = new Nodes.Checked(name, value, checkArguments(), negated);
            } else {
                return value;
            }
        }
        return null;
    }

    private Nodes.Given checkArguments() throws ScanException, ParseException {
        return switch (getToken().getSymbol()) {
            case LPAREN -> arguments();
            case STRING, INTEGER, FLOAT, TRUE, FALSE, LBRACK -> new Nodes.Given(List.of(value()), Map.of());
            case IDENTIFIER -> is("is") ? Nodes.Given.NONE : new Nodes.Given(List.of(value()), Map.of());
            default -> Nodes.Given.NONE;
        };
    }

    private AstNode chain(Level next, boolean required, String... operators) throws ScanException, ParseException {
        AstNode left = next.parse(required);
        int length = 0;
        while (left != null && List.of(operators).contains(getToken().getImage()) && getToken().getSymbol() != Symbol.STRING) {
            if (++length > MAX_NESTING * 5) {
                throw Run.fault("has an expression of more than " + MAX_NESTING * 5 + " operands");
            }
            String name = consumeToken().getImage();
            left = new Operators.Binary(name, left, next.parse(true));
        }
        return left;
    }

    private interface Level {
        AstNode parse(boolean required) throws ScanException, Parser.ParseException;
    }
}
