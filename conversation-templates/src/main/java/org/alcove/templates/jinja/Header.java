package org.alcove.templates.jinja;

import com.hubspot.jinjava.tree.TagNode;

/** Finds words in what stands behind a tag's name, outside of strings and brackets. */
final class Header {

    private Header() { }

    static String of(TagNode node) {
        return " " + node.getHelpers().strip() + " ";
    }

    /** The place of a token that stands between spaces, or -1. */
    static int find(String header, String token) {
        String wanted = " " + token + " ";
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '\'';
            } else if (c == '\'') {
                quoted = true;
            } else if (depth == 0 && header.startsWith(wanted, i)) {
                return i;
            } else {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            }
        }
        return -1;
    }
}
