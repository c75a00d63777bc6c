package org.alcove.templates.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code for x in xs if condition ... else ... endfor}, each round in a scope of its own. */
final class ForTag implements Tag {

    private static final long serialVersionUID = 1L;

    /** The variable {@code loop}. */
    static final class Loop extends LinkedHashMap<String, Object> {

        private static final long serialVersionUID = 1L;

        Loop(List<Object> elements, int index) {
            put("index", index + 1L);
            put("index0", (long) index);
            put("revindex", (long) elements.size() - index);
            put("revindex0", elements.size() - index - 1L);
            put("first", index == 0);
            put("last", index == elements.size() - 1);
            put("length", (long) elements.size());
            // Counts recursive loops only, which are not supported.
            put("depth", 1L);
            put("depth0", 0L);
            if (index > 0) {
                put("previtem", elements.get(index - 1));
            }
            if (index + 1 < elements.size()) {
                put("nextitem", elements.get(index + 1));
            }
        }

        long index0() {
            return (long) get("index0");
        }
    }

    @Override
    public String getName() {
        return "for";
    }

    @Override
    public String getEndTagName() {
        return "endfor";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        Run run = (Run) interpreter;
        String header = Header.of(node);
        int in = Header.find(header, "in");
        if (in < 0) {
            throw Run.fault("has a loop without 'in'");
        }
        String[] names = header.substring(0, in).replaceAll("[() ]", "").split(",");
        String rest = header.substring(in + 3);
        int condition = Header.find(rest, "if");
        if (rest.endsWith(" recursive ")) {
            throw Run.fault("has a recursive loop, which is not supported");
        }
        Object over = run.resolveELExpression(condition < 0 ? rest : rest.substring(0, condition), node.getLineNumber());
        List<Object> elements = Values.elements(run, over);
        run.checkSize(elements.size());
        if (condition >= 0) {
            elements = filtered(run, elements, names, rest.substring(condition + 3), node.getLineNumber());
        }
        List<Node> body = new ArrayList<>(node.getChildren());
        List<Node> otherwise = new ArrayList<>();
        int split = IfTag.find(body, 0, "else");
        if (split < body.size()) {
            otherwise.addAll(body.subList(split + 1, body.size()));
            body = body.subList(0, split);
        }
        return elements.isEmpty() ? run.render(otherwise) : rounds(run, elements, names, body);
    }

    private static List<Object> filtered(Run run, List<Object> elements, String[] names, String condition, int line) {
        List<Object> kept = new ArrayList<>();
        for (Object element : elements) {
            try (var _ = run.enterNonStackingScope()) {
                assign(run, names, element);
                if (Values.truth(run.resolveELExpression(condition, line))) {
                    kept.add(element);
                }
            }
        }
        return kept;
    }

    private static String rounds(Run run, List<Object> elements, String[] names, List<Node> body) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            run.spend(20);
            try (var _ = run.enterNonStackingScope()) {
                assign(run, names, elements.get(i));
                run.variable("loop", new Loop(elements, i));
                out.append(run.render(body));
            }
            run.checkLength(out.length());
            Run.Exit exit = run.exit();
            run.exit(Run.Exit.NONE);
            if (exit == Run.Exit.BREAK) {
                break;
            }
        }
        return run.made(out.toString());
    }

    private static void assign(Run run, String[] names, Object element) {
        if (names.length == 1) {
            run.variable(names[0], element);
            return;
        }
        List<Object> parts = Values.elements(run, element);
        if (parts.size() != names.length) {
            throw Run.fault("spreads " + parts.size() + " values over " + names.length + " names");
        }
        for (int i = 0; i < names.length; i++) {
            run.variable(names[i], parts.get(i));
        }
    }
}
