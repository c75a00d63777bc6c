package org.alcove.templates.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.List;

/** {@code if ... elif ... else ... endif}. The library's own takes the text "false" for untrue. */
final class IfTag implements Tag {

    private static final long serialVersionUID = 1L;

    @Override
    public String getName() {
        return "if";
    }

    @Override
    public String getEndTagName() {
        return "endif";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        Run run = (Run) interpreter;
        List<Node> children = new ArrayList<>(node.getChildren());
        TagNode branch = node;
        int from = 0;
        while (true) {
            int to = Math.min(find(children, from, "elif"), find(children, from, "else"));
            boolean last = branch.getName().equals("else");
            if (!last && branch.getHelpers().isBlank()) {
                throw Run.fault("has an '" + branch.getName() + "' without a condition");
            }
            if (last || Values.truth(run.resolveELExpression(Header.of(branch), branch.getLineNumber()))) {
                return run.render(children.subList(from, to));
            }
            if (to == children.size()) {
                return "";
            }
            branch = (TagNode) children.get(to);
            from = to + 1;
        }
    }

    /** The place of a tag among nodes, or their number. */
    static int find(List<Node> nodes, int from, String tag) {
        for (int i = from; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof TagNode node && node.getName().equals(tag)) {
                return i;
            }
        }
        return nodes.size();
    }
}
