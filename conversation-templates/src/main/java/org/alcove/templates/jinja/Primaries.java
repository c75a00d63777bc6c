package org.alcove.templates.jinja;

import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.NamedParameterOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Scanner.ScanException;
import jinjava.de.odysseus.el.tree.impl.Scanner.Symbol;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;

/** The lower half of the grammar: literals, names, brackets, and what may follow them. */
class Primaries extends ExtendedParser {

    Primaries(Builder builder, String input) {
        super(builder, input);
    }

    @Override
    protected AstNode value() throws ScanException, ParseException {
        AstNode value = primary();
        while (value != null) {
            switch (getToken().getSymbol()) {
                case DOT -> {
                    consumeToken();
                    String name = consumeToken().getImage();
                    value = getToken().getSymbol() == Symbol.LPAREN ? new Nodes.Method(value, name, arguments())
                            : new Nodes.Item(value, new Nodes.Constant(name));
                }
                case LBRACK -> value = subscript(value);
                case LPAREN -> value = new Nodes.Call(value, arguments());
                default -> {
                    return value;
                }
            }
        }
        return null;
    }

    private AstNode subscript(AstNode base) throws ScanException, ParseException {
        consumeToken();
        AstNode[] parts = new AstNode[3];
        int part = 0;
        while (getToken().getSymbol() != Symbol.RBRACK) {
            if (getToken().getSymbol() == Symbol.COLON && !is("else") && part < 2) {
                consumeToken();
                part++;
            } else {
                parts[part] = expr(true);
            }
        }
        consumeToken();
        return part == 0 ? new Nodes.Item(base, parts[0]) : new Nodes.Slice(base, parts);
    }

    private AstNode primary() throws ScanException, ParseException {
        Symbol symbol = getToken().getSymbol();
        String image = getToken().getImage();
        if (symbol == Symbol.LPAREN) {
            return parenthesised();
        }
        if (symbol == Symbol.LBRACK) {
            return new Nodes.Sequence(items(Symbol.RBRACK), false);
        }
        if (symbol == Symbol.EXTENSION && image.equals("{")) {
            return mapping();
        }
        if (symbol == Symbol.IDENTIFIER) {
            consumeToken();
            return switch (image) {
                case "none", "None" -> new Nodes.Constant(null);
                default -> new Nodes.Name(image);
            };
        }
        return switch (symbol) {
            case STRING -> constant(text -> text);
            case INTEGER -> constant(Long::valueOf);
            case FLOAT -> constant(Double::valueOf);
            case TRUE -> constant(word -> true);
            case FALSE -> constant(word -> false);
            default -> null;
        };
    }

    private AstNode constant(Function<String, Object> meaning) throws ScanException, ParseException {
        try {
            return new Nodes.Constant(meaning.apply(consumeToken().getImage()));
        } catch (NumberFormatException e) {
            throw Run.fault("has a number that is too large");
        }
    }

    private AstNode parenthesised() throws ScanException, ParseException {
        consumeToken();
        if (getToken().getSymbol() == Symbol.RPAREN) {
            consumeToken();
            return new Nodes.Sequence(List.of(), true);
        }
        AstNode first = expr(true);
        if (getToken().getSymbol() != Symbol.COMMA) {
            consumeToken(Symbol.RPAREN);
            return first;
        }
        List<AstNode> tuple = new ArrayList<>(List.of(first));
        consumeComma();
        tuple.addAll(rest(Symbol.RPAREN));
        return new Nodes.Sequence(tuple, true);
    }

    private void consumeComma() throws ScanException, ParseException {
        consumeToken(Symbol.COMMA);
    }

    private List<AstNode> items(Symbol close) throws ScanException, ParseException {
        consumeToken();
        return rest(close);
    }

    private List<AstNode> rest(Symbol close) throws ScanException, ParseException {
        List<AstNode> items = new ArrayList<>();
        while (getToken().getSymbol() != close) {
            items.add(expr(true));
            if (getToken().getSymbol() != close) {
                consumeComma();
            }
        }
        consumeToken();
        return items;
    }

    private AstNode mapping() throws ScanException, ParseException {
        consumeToken();
        Map<AstNode, AstNode> entries = new LinkedHashMap<>();
        while (!is("}")) {
            AstNode key = expr(true);
            consumeToken(Symbol.COLON);
            entries.put(key, expr(true));
            if (!is("}")) {
                consumeComma();
            }
        }
        consumeToken();
        return new Nodes.Mapping(entries);
    }

    final Nodes.Given arguments() throws ScanException, ParseException {
        consumeToken(Symbol.LPAREN);
        List<AstNode> listed = new ArrayList<>();
        Map<String, AstNode> named = new LinkedHashMap<>();
        while (getToken().getSymbol() != Symbol.RPAREN) {
            if (getToken().getSymbol() == Symbol.IDENTIFIER && lookahead(0) == NamedParameterOperator.TOKEN) {
                String name = consumeToken().getImage();
                consumeToken();
                named.put(name, expr(true));
            } else {
                listed.add(expr(true));
            }
            if (getToken().getSymbol() != Symbol.RPAREN) {
                consumeComma();
            }
        }
        consumeToken();
        return new Nodes.Given(listed, named);
    }

    final boolean is(String image) {
        return getToken().getSymbol() != Symbol.STRING && image.equals(getToken().getImage());
    }
}
