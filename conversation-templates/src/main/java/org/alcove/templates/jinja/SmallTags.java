package org.alcove.templates.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;

/** The tags that do next to nothing. */
final class SmallTags {

    private SmallTags() { }

    /** {@code break} and {@code continue}. */
    record Leave(String getName, Run.Exit exit) implements Tag {

        private static final long serialVersionUID = 1L;

        @Override
        public String getEndTagName() {
            return null;
        }

        @Override
        public String interpret(TagNode node, JinjavaInterpreter interpreter) {
            ((Run) interpreter).exit(exit);
            return "";
        }
    }

    /** {@code generation}: marks what the model wrote, for training. */
    static final class Generation implements Tag {

        private static final long serialVersionUID = 1L;

        @Override
        public String getName() {
            return "generation";
        }

        @Override
        public String getEndTagName() {
            return "endgeneration";
        }

        @Override
        public String interpret(TagNode node, JinjavaInterpreter interpreter) {
            return ((Run) interpreter).render(new ArrayList<>(node.getChildren()));
        }
    }
}
