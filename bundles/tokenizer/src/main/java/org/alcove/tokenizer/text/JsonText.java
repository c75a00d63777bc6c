package org.alcove.tokenizer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.alcove.weights.ModelFormatException;

/** A part of a tokenizer file, which knows where it stands, so that every complaint can say so. */
record JsonText(Path file, String place, JsonNode node) {
    private static final long MAX_BYTES = 256L << 20;

    /** Reads a file. */
    static JsonText read(Path file) throws ModelFormatException {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelFormatException(file + " has " + size + " bytes, at most " + MAX_BYTES
                        + " are read; it is no tokenizer file");
            }
            JsonNode node = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new ModelFormatException(file + " holds no JSON object; fetch it again");
            }
            return new JsonText(file, "", node);
        } catch (ModelFormatException e) {
            throw e;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage() + "; fetch it again", e);
        } catch (IOException e) {
            throw new ModelFormatException(file + " cannot be read: " + e + "; check the file and its rights", e);
        }
    }

    /** A member; asking for one that is absent is allowed. */
    JsonText at(String name) {
        return new JsonText(file, place.isEmpty() ? name : place + "." + name, node.path(name));
    }

    boolean absent() {
        return node.isMissingNode() || node.isNull();
    }

    /** Elements of an array; none where it is absent. */
    List<JsonText> elements() throws ModelFormatException {
        List<JsonText> elements = new ArrayList<>();
        if (!absent() && !node.isArray()) {
            throw problem("is no array");
        }
        for (JsonNode element : node) {
            elements.add(new JsonText(file, place + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** Text, or another one where it is absent. */
    String text(String otherwise) throws ModelFormatException {
        if (absent()) {
            return otherwise;
        }
        if (!node.isTextual()) {
            throw problem("is no text");
        }
        return node.textValue();
    }

    /** Text that must be there. */
    String text() throws ModelFormatException {
        if (absent()) {
            throw problem("is missing");
        }
        return text("");
    }

    boolean flag(boolean otherwise) throws ModelFormatException {
        if (absent()) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            throw problem("is neither true nor false");
        }
        return node.booleanValue();
    }

    /** A token id. */
    int id() throws ModelFormatException {
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 0
                || node.intValue() >= Vocabulary.MAX_SIZE) {
            throw problem("is " + (absent() ? "missing" : Vocabulary.quote(node.asText())) + ", expected a token id from 0 to "
                    + (Vocabulary.MAX_SIZE - 1));
        }
        return node.intValue();
    }

    /** A pattern: {@code {"String": ...}} or {@code {"Regex": ...}}. */
    Pattern pattern() throws ModelFormatException {
        String literal = at("String").text(node.isTextual() ? node.textValue() : null);
        if (literal != null) {
            return Pattern.compile(Pattern.quote(literal));
        }
        try {
            return OnigurumaPattern.compile(at("Regex").text());
        } catch (PatternSyntaxException e) {
            throw problem("is not a regular expression Alcove understands (" + e.getDescription() + " near index "
                    + e.getIndex() + ")");
        }
    }

    ModelFormatException problem(String what) {
        return new ModelFormatException(file + ": " + place + " " + what + "; fetch the file again or use a supported tokenizer");
    }

    ModelFormatException unsupported(String supported) throws ModelFormatException {
        return problem("has the type " + Vocabulary.quote(at("type").text("none")) + ", supported are " + supported);
    }
}
