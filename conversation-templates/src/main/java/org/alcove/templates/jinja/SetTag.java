package org.alcove.templates.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.FlexibleTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import java.util.ArrayList;
import java.util.List;

/** {@code set x = value}, {@code set space.x = value}, {@code set x, y = values} and {@code set x ... endset}. */
final class SetTag implements Tag, FlexibleTag {

    private static final long serialVersionUID = 1L;

    @Override
    public String getName() {
        return "set";
    }

    @Override
    public String getEndTagName() {
        return "endset";
    }

    @Override
    public boolean hasEndTag(TagToken token) {
        return Header.find(" " + token.getHelpers().strip() + " ", "=") < 0;
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        Run run = (Run) interpreter;
        String header = Header.of(node);
        int equals = Header.find(header, "=");
        if (equals < 0) {
            block(run, node, header);
            return "";
        }
        String[] names = header.substring(0, equals).replace(" ", "").split(",");
        String expression = header.substring(equals + 3);
        boolean tuple = Header.find(expression, ",") >= 0;
        Object value = run.resolveELExpression(tuple ? "(" + expression + ")" : expression, node.getLineNumber());
        if (names.length == 1) {
            assign(run, names[0], value);
            return "";
        }
        List<Object> values = Values.elements(run, value);
        if (values.size() != names.length) {
            throw Run.fault("spreads " + values.size() + " values over " + names.length + " names");
        }
        for (int i = 0; i < names.length; i++) {
            assign(run, names[i], values.get(i));
        }
        return "";
    }

    private static void block(Run run, TagNode node, String header) {
        int filter = Header.find(header, "|");
        String name = (filter < 0 ? header : header.substring(0, filter)).strip();
        String text;
        try (var _ = run.enterNonStackingScope()) {
            text = run.render(new ArrayList<>(node.getChildren()));
        }
        assign(run, name, text);
        if (filter >= 0) {
            assign(run, name, run.resolveELExpression(header, node.getLineNumber()));
        }
    }

    private static void assign(Run run, String name, Object value) {
        int dot = name.indexOf('.');
        if (!name.matches("[\\p{Alpha}_]\\w*(\\.\\w+)?")) {
            throw Run.fault("sets '" + Run.shown(name) + "', which is no name");
        }
        if (dot < 0) {
            run.variable(name, value);
        } else if (run.variable(name.substring(0, dot)) instanceof Values.Namespace namespace) {
            namespace.names().put(name.substring(dot + 1), value);
        } else {
            throw Run.fault("sets '" + Run.shown(name) + "' of something that is no namespace");
        }
    }
}
