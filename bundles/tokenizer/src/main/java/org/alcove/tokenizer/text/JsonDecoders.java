package org.alcove.tokenizer.text;

import java.util.ArrayList;
import java.util.List;
import org.alcove.tokenizer.text.TokenBytes.Replacement;
import org.alcove.weights.ModelFormatException;

/**
 * Reads the {@code decoder} of a {@code tokenizer.json}. Decoders of the supported kinds write every token by itself, except
 * that a space at the very beginning may go; so they come down to a {@link TokenBytes}.
 */
final class JsonDecoders {
    private static final String SUPPORTED = "Sequence, ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip";

    private boolean byteAlphabet;
    private boolean byteTokens;
    private boolean dropLeadingSpace;
    private final List<Replacement> replacements = new ArrayList<>();

    private JsonDecoders() {
    }

    static TokenBytes read(JsonText json) throws ModelFormatException {
        JsonDecoders decoders = new JsonDecoders();
        if (!json.absent()) {
            decoders.add(json);
        }
        return new TokenBytes(decoders.byteAlphabet, decoders.byteTokens, List.copyOf(decoders.replacements),
                decoders.byteAlphabet, decoders.dropLeadingSpace);
    }

    private void add(JsonText json) throws ModelFormatException {
        switch (json.at("type").text()) {
            case "Sequence" -> {
                for (JsonText step : json.at("decoders").elements()) {
                    add(step);
                }
            }
            case "ByteLevel" -> byteAlphabet = true;
            case "ByteFallback" -> byteTokens = true;
            case "Fuse" -> {
                // Tokens are written one after the other anyway.
            }
            case "Replace" -> replacements.add(
                    new Replacement(json.at("pattern").at("String").text(), json.at("content").text()));
            case "Metaspace" -> {
                replacements.add(new Replacement(json.at("replacement").text(TokenBytes.SPACE_MARK), " "));
                dropLeadingSpace = !"never".equals(JsonPreTokenizers.scheme(json));
            }
            case "Strip" -> strip(json);
            default -> throw json.unsupported(SUPPORTED);
        }
    }

    private void strip(JsonText json) throws ModelFormatException {
        String content = json.at("content").text();
        int start = json.at("start").id();
        int stop = json.at("stop").id();
        if (!" ".equals(content) || start > 1 || stop != 0) {
            throw json.problem("strips " + start + " and " + stop + " of " + Vocabulary.quote(content)
                    + ", supported is one space at the start");
        }
        dropLeadingSpace = start == 1;
    }
}
