package org.alcove.templates.jinja;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites a template into an equal one that leaves a parser no room: white space control carried out (with {@code trim_blocks}
 * and {@code lstrip_blocks}, as chat templates are meant), comments and {@code raw} blocks gone, tokens of expressions parted by
 * one space, string literals in one spelling. Only the tags below pass.
 */
final class JinjaSource {

    private static final Set<String> TAGS = Set.of("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro",
            "endmacro", "break", "continue", "generation", "endgeneration");
    private static final Pattern NUMBER = Pattern.compile(
            "(0[xX]_?\\p{XDigit}[\\p{XDigit}_]*|0[oO]_?[0-7][0-7_]*|0[bB]_?[01][01_]*)|"
            + "[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][-+]?[0-9][0-9_]*)?");
    private static final int MAX_NUMBER = 1000;
    private static final int MAX_CHARS = 1 << 18;
    private static final int MAX_MACRO_HEADER = 2000;

    private final String in;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean lineStarts = true;
    private boolean trimNext;

    private JinjaSource(String in) {
        this.in = in;
    }

    static String rewrite(String source) {
        if (source.length() > MAX_CHARS) {
            throw Run.fault("has " + source.length() + " characters, at most " + MAX_CHARS + " are read");
        }
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        JinjaSource rewriter = new JinjaSource(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
        rewriter.run();
        return rewriter.out.toString();
    }

    private void run() {
        while (at < in.length()) {
            int open = nextOpen();
            String text = in.substring(at, open);
            if (open == in.length()) {
                write(startTrimmed(text));
                return;
            }
            char kind = in.charAt(open + 1);
            at = open + 2;
            char sign = at < in.length() ? in.charAt(at) : 0;
            boolean cut = sign == '-';
            if (cut || sign == '+') {
                at++;
            }
            String left = startTrimmed(text);
            if (cut) {
                left = Texts.stripEnd(left, c -> Texts.isSpace((char) c));
            } else if (kind != '{' && sign != '+') {
                left = withoutIndent(left);
            }
            write(left);
            switch (kind) {
                case '#' -> comment();
                case '{' -> expression();
                default -> tag();
            }
        }
    }

    private int nextOpen() {
        for (int i = at; i + 1 < in.length(); i++) {
            char next = in.charAt(i + 1);
            if (in.charAt(i) == '{' && (next == '{' || next == '%' || next == '#')) {
                return i;
            }
        }
        return in.length();
    }

    private String startTrimmed(String text) {
        if (!trimNext) {
            return text;
        }
        trimNext = false;
        String trimmed = Texts.stripStart(text, c -> Texts.isSpace((char) c));
        int cut = text.length() - trimmed.length();
        lineStarts = cut > 0 && text.charAt(cut - 1) == '\n';
        return trimmed;
    }

    /** Cuts the white space between the beginning of a line and a tag, where nothing else is there. */
    private String withoutIndent(String text) {
        int line = text.lastIndexOf('\n') + 1;
        if ((line > 0 || lineStarts) && text.substring(line).chars().allMatch(c -> Texts.isSpace((char) c))) {
            return text.substring(0, line);
        }
        return text;
    }

    private void comment() {
        int end = in.indexOf("#}", at);
        if (end < 0) {
            throw Run.fault("has a comment that is not closed");
        }
        boolean cut = end > at && in.charAt(end - 1) == '-';
        boolean keep = end > at && in.charAt(end - 1) == '+';
        at = end + 2;
        afterBlock(cut, keep);
    }

    private void expression() {
        String tokens = tokens("}}");
        out.append("{{ ").append(tokens).append(" }}");
    }

    private void tag() {
        String tokens = tokens("%}");
        int space = tokens.indexOf(' ');
        String name = space < 0 ? tokens : tokens.substring(0, space);
        if (name.equals("raw")) {
            raw();
            return;
        }
        if (!TAGS.contains(name)) {
            throw Run.fault("uses the tag '" + Run.shown(name) + "', which a model's template may not; allowed are "
                    + String.join(", ", TAGS.stream().sorted().toList()));
        }
        if (name.equals("macro") && tokens.length() > MAX_MACRO_HEADER) {
            throw Run.fault("has a macro with a header of more than " + MAX_MACRO_HEADER + " characters");
        }
        out.append("{% ").append(tokens).append(" %}");
    }

    private void raw() {
        int end = in.indexOf("{%", at);
        while (end >= 0 && !in.substring(end, Math.min(in.length(), end + 40)).matches("(?s)\\{%[-+]?\\s*endraw\\s*[-+]?%}.*")) {
            end = in.indexOf("{%", end + 2);
        }
        if (end < 0) {
            throw Run.fault("has a raw block that is not closed");
        }
        String text = startTrimmed(in.substring(at, end));
        char sign = in.charAt(end + 2);
        write(sign == '-' ? Texts.stripEnd(text, c -> Texts.isSpace((char) c)) : sign == '+' ? text : withoutIndent(text));
        int close = in.indexOf("%}", end);
        at = close + 2;
        afterBlock(in.charAt(close - 1) == '-', in.charAt(close - 1) == '+');
    }

    /** The white space rules behind a tag or a comment. */
    private void afterBlock(boolean cut, boolean keep) {
        lineStarts = false;
        trimNext = cut;
        if (!cut && !keep && at < in.length() && in.charAt(at) == '\n') {
            at++;
            lineStarts = true;
        }
    }

    /** The tokens up to the closing mark, and past it. */
    private String tokens(String close) {
        StringBuilder line = new StringBuilder();
        int brackets = 0;
        String literal = null;
        while (true) {
            skipSpace();
            if (at >= in.length()) {
                throw Run.fault("has a '" + (close.equals("}}") ? "{{" : "{%") + "' that is not closed");
            }
            char c = in.charAt(at);
            boolean signed = (c == '-' || c == '+') && in.startsWith(close, at + 1);
            if (brackets == 0 && (signed || in.startsWith(close, at))) {
                at += signed ? 3 : 2;
                append(line, literal);
                close(close, signed && c == '-', signed && c == '+');
                return line.toString();
            }
            if (c == '\'' || c == '"') {
                literal = (literal == null ? "" : literal) + string(c);
                continue;
            }
            append(line, literal);
            literal = null;
            brackets += c == '{' || c == '[' || c == '(' ? 1 : c == '}' || c == ']' || c == ')' ? -1 : 0;
            line.append(line.isEmpty() ? "" : " ").append(token());
        }
    }

    private void close(String close, boolean cut, boolean keep) {
        if (close.equals("%}")) {
            afterBlock(cut, keep);
        } else {
            lineStarts = false;
            trimNext = cut;
        }
    }

    private void skipSpace() {
        while (at < in.length() && Texts.isSpace(in.charAt(at))) {
            at++;
        }
    }

    private String token() {
        int start = at;
        char c = in.charAt(at++);
        if (Character.isJavaIdentifierStart(c) && c != '$') {
            while (at < in.length() && Character.isJavaIdentifierPart(in.charAt(at)) && in.charAt(at) != '$') {
                at++;
            }
        } else if (Character.isDigit(c)) {
            return number(start);
        } else if (at < in.length() && Set.of("==", "!=", "<=", ">=", "//", "**").contains(in.substring(start, at + 1))) {
            at++;
        } else if ("+-*/%~|.,:[](){}<>=".indexOf(c) < 0) {
            throw Run.fault("has the character '" + Run.shown(String.valueOf(c)) + "' where an expression is expected");
        }
        return in.substring(start, at);
    }

    /** A number in the spelling the library reads. */
    private String number(int start) {
        Matcher matcher = NUMBER.matcher(in).region(start, in.length());
        if (!matcher.lookingAt()) {
            throw Run.fault("has the character '" + Run.shown(in.substring(start, at)) + "' where an expression is expected");
        }
        at = matcher.end();
        if (at - start > MAX_NUMBER) {
            throw Run.fault("has a number of " + (at - start) + " digits, at most " + MAX_NUMBER + " are read");
        }
        String digits = matcher.group().replace("_", "");
        return matcher.group(1) == null ? digits
                : new BigInteger(digits.substring(2), Numbers.radix(digits.charAt(1))).toString();
    }

    /** Reads a string literal as Python does. */
    private String string(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < in.length() && in.charAt(at) != quote) {
            char c = in.charAt(at++);
            if (c != '\\' || at >= in.length()) {
                text.append(c);
                continue;
            }
            char escaped = in.charAt(at++);
            int plain = "ntrbfav0\n".indexOf(escaped);
            if (plain >= 0) {
                text.append(new String[] {"\n", "\t", "\r", "\b", "\f", "\u0007", "\u000b", "\0", ""}[plain]);
            } else if (escaped == 'x' || escaped == 'u' || escaped == 'U') {
                text.appendCodePoint(hex(escaped == 'x' ? 2 : escaped == 'u' ? 4 : 8));
            } else {
                text.append("\\'\"".indexOf(escaped) < 0 ? "\\" : "").append(escaped);
            }
        }
        if (at >= in.length()) {
            throw Run.fault("has a string that is not closed");
        }
        at++;
        return text.toString();
    }

    private int hex(int digits) {
        try {
            int code = Integer.parseInt(in.substring(at, at + digits), 16);
            at += digits;
            Character.toChars(code);
            return code;
        } catch (RuntimeException e) {
            throw Run.fault("has a string with a bad escape");
        }
    }

    private void append(StringBuilder line, String literal) {
        if (literal != null) {
            line.append(line.isEmpty() ? "" : " ").append(quoted(literal));
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r") + "'";
    }

    /** Plain text; where it could be taken for a mark it becomes an expression. */
    private void write(String text) {
        if (text.chars().anyMatch(c -> "{}%#".indexOf(c) >= 0)) {
            out.append("{{ ").append(quoted(text)).append(" }}");
        } else {
            out.append(text);
        }
    }
}
