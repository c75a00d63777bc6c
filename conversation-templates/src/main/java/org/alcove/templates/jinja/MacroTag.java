package org.alcove.templates.jinja;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code macro name(a, b=preset) ... endmacro}. The library's own takes none for "not given". */
final class MacroTag implements Tag {

    private static final long serialVersionUID = 1L;

    /** What a call renders. */
    static final class Macro {

        private final String name;
        private final TagNode tag;
        private final Context home;
        private final List<String> parameters = new ArrayList<>();
        private final Map<String, String> presets = new LinkedHashMap<>();
        private final boolean takesSurplus;
        private final boolean takesNamed;

        private Macro(Run run, String name, String header, TagNode tag) {
            this.name = name;
            this.tag = tag;
            this.home = run.getContext();
            for (String part : Header.split(header)) {
                int equals = Header.find(part, "=");
                String parameter = (equals < 0 ? part : part.substring(0, equals)).strip();
                checkName(parameter);
                parameters.add(parameter);
                if (equals >= 0) {
                    presets.put(parameter, part.substring(equals + 3));
                }
            }
            String body = String.join("", tag.getChildren().stream().map(Node::reconstructImage).toList());
            run.spend(body.length() / 8);
            takesSurplus = body.contains("varargs");
            takesNamed = body.contains("kwargs");
        }

        /** Renders in a scope of its own. As in Jinja, surplus arguments need a macro that speaks of them. */
        String render(Run run, Arguments args) {
            int own = Math.min(args.listed().size(), parameters.size());
            Arguments taken = new Arguments(args.listed().subList(0, own), new LinkedHashMap<>(args.named()));
            Map<Object, Object> others = new LinkedHashMap<>();
            if (takesNamed) {
                others.putAll(args.named());
                others.keySet().removeAll(parameters);
                taken.named().keySet().retainAll(parameters);
            }
            Parameters.check("calls the macro '" + Run.shown(name) + "'", parameters, takesSurplus ? taken
                    : new Arguments(args.listed(), taken.named()));
            try (var _ = run.enterNonStackingScope()) {
                run.definedIn(home);
                run.variable("loop", Values.UNDEFINED);
                run.variable("varargs", new Values.Tuple(args.listed().subList(own, args.listed().size())));
                run.variable("kwargs", others);
                for (int i = 0; i < parameters.size(); i++) {
                    run.variable(parameters.get(i), value(run, i, taken));
                }
                return run.render(new ArrayList<>(tag.getChildren()));
            }
        }

        private Object value(Run run, int place, Arguments args) {
            String parameter = parameters.get(place);
            boolean given = place < args.listed().size() || args.named().containsKey(parameter);
            return !given && presets.containsKey(parameter)
                    ? run.resolveELExpression(presets.get(parameter), tag.getLineNumber())
                    : args.value(place, parameter, Values.UNDEFINED);
        }
    }

    @Override
    public String getName() {
        return "macro";
    }

    @Override
    public String getEndTagName() {
        return "endmacro";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        String header = node.getHelpers().strip();
        int open = header.indexOf('(');
        if (open < 0 || !header.endsWith(")")) {
            throw Run.fault("has a macro without parameters in parentheses");
        }
        String name = header.substring(0, open).strip();
        checkName(name);
        Run run = (Run) interpreter;
        run.variable(name, new Macro(run, name, header.substring(open + 1, header.length() - 1), node));
        return "";
    }

    private static void checkName(String name) {
        if (!name.matches("[\\p{Alpha}_]\\w*")) {
            throw Run.fault("names a macro or its parameter '" + Run.shown(name) + "', which is no name");
        }
    }
}
