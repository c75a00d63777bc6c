package org.alcove.templates.jinja;

import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.List;

/** Finds words in what stands behind a tag's name, outside of strings and brackets. */
final class Header {

    private Header() { }

    static String of(TagNode node) {
        return " " + node.getHelpers().strip() + " ";
    }

    /** What stands between commas. */
    static List<String> split(String header) {
        List<String> parts = new ArrayList<>();
        String rest = " " + header.strip() + " ";
        for (int comma = find(rest, ","); comma >= 0; comma = find(rest, ",")) {
            parts.add(rest.substring(0, comma + 1));
            rest = rest.substring(comma + 2);
        }
        if (!rest.isBlank()) {
            parts.add(rest);
        }
        return parts;
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
