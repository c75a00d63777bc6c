package org.alcove.attestation.tdx;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.json.StrictJson;

/**
 * {@code {"NAME":{…},"signature":"128 hex digits"}}: the signature covers the bytes of the inner object as they stand, so they
 * are cut out and never written again.
 *
 * @param exact the inner object's bytes
 * @param signature r and s
 */
record SignedJson(byte[] exact, byte[] signature) {

    static SignedJson parse(byte[] document, String name) throws AttestationException {
        byte[] exact = null;
        byte[] signature = null;
        // Another encoding than UTF-8 begins with another byte; offsets into it would mean nothing.
        if (document.length == 0 || document[0] != '{') {
            throw new AttestationException("the signed " + name + " does not begin with {");
        }
        try (JsonParser parser = StrictJson.parser(document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals(name) && value == JsonToken.START_OBJECT) {
                    exact = cut(parser, document);
                } else if (field.equals("signature") && value == JsonToken.VALUE_STRING) {
                    signature = hex(parser.getText());
                } else {
                    throw new AttestationException("the signed " + name + " has the unknown field \"" + field + "\"");
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new AttestationException("the signed " + name + " has something behind its end");
            }
        } catch (IOException e) {
            throw StrictJson.broken("the signed " + name, e);
        }
        if (exact == null || signature == null) {
            throw new AttestationException("the signed " + name + " lacks " + (exact == null ? name : "its signature"));
        }
        return new SignedJson(exact, signature);
    }

    private static byte[] cut(JsonParser parser, byte[] document) throws IOException, AttestationException {
        long from = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        long to = parser.currentLocation().getByteOffset();
        if (from < 0 || to > document.length || from >= to || document[(int) from] != '{' || document[(int) to - 1] != '}') {
            throw new AttestationException("the signed object lies from byte " + from + " to " + to + " of " + document.length
                    + ", which is no object");
        }
        return Arrays.copyOfRange(document, (int) from, (int) to);
    }

    private static byte[] hex(String text) throws AttestationException {
        try {
            byte[] bytes = HexFormat.of().parseHex(text);
            if (bytes.length == P256.PAIR) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new AttestationException("the signature is no hex", e);
        }
        throw new AttestationException("the signature has " + text.length() + " hex digits, expected " + 2 * P256.PAIR);
    }
}
