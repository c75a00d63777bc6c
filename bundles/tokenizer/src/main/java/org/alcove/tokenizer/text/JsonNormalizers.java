package org.alcove.tokenizer.text;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.weights.ModelFormatException;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
final class JsonNormalizers {
    private static final String SUPPORTED =
            "Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, ByteLevel";
    /** Marks of every kind, as the library strips them. */
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    private JsonNormalizers() {
    }

    static Normalizer read(JsonText json) throws ModelFormatException {
        if (json.absent()) {
            return Normalizer.NONE;
        }
        return switch (json.at("type").text()) {
            case "Sequence" -> sequence(json.at("normalizers").elements());
            case "Prepend" -> prepend(json.at("prepend").text());
            case "Replace" -> replace(json.at("pattern").pattern(), json.at("content").text());
            case "NFC" -> form(Form.NFC);
            case "NFD" -> form(Form.NFD);
            case "NFKC" -> form(Form.NFKC);
            case "NFKD" -> form(Form.NFKD);
            case "Lowercase" -> JsonNormalizers::lowercase;
            case "Strip" -> strip(json.at("strip_left").flag(true), json.at("strip_right").flag(true));
            case "StripAccents" -> text -> ACCENTS.matcher(text).replaceAll("");
            case "ByteLevel" -> ByteAlphabet::spell;
            default -> throw json.unsupported(SUPPORTED);
        };
    }

    private static Normalizer sequence(List<JsonText> steps) throws ModelFormatException {
        List<Normalizer> normalizers = new ArrayList<>();
        for (JsonText step : steps) {
            normalizers.add(read(step));
        }
        return Normalizer.sequence(normalizers);
    }

    private static Normalizer prepend(String prefix) {
        return text -> text.isEmpty() ? text : prefix + text;
    }

    private static Normalizer replace(Pattern pattern, String content) {
        String literal = Matcher.quoteReplacement(content);
        return text -> BoundedText.search(text, bounded -> pattern.matcher(bounded).replaceAll(literal));
    }

    private static Normalizer form(Form form) {
        return text -> java.text.Normalizer.normalize(text, form);
    }

    private static Normalizer strip(boolean left, boolean right) {
        return text -> UnicodeSpace.strip(text, left, right);
    }

    /** Character by character: no letter's lower case depends on its neighbours here. */
    private static String lowercase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }
}
