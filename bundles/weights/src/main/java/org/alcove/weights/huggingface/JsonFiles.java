package org.alcove.weights.huggingface;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alcove.weights.ModelFormatException;

/** Reads JSON that nobody vouches for: bounded in size, depth and length of texts; no key twice. */
final class JsonFiles {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 16 << 20;
    private static final int MAX_NAME = 1 << 10;

    private JsonFiles() {
    }

    /** A factory of bounded parsers. Python writes NaN and Infinity as bare words. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxStringLength(MAX_TEXT)
                        .maxNameLength(MAX_NAME).maxNumberLength(100).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /**
     * Reads an object.
     *
     * @param limit most bytes the file may have
     */
    static JsonObject read(Path file, long limit) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(file + ": there is no such file");
        }
        if (Files.size(file) > limit) {
            throw new ModelFormatException(file + ": it has " + Files.size(file) + " bytes, more than the " + limit
                    + " that are read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode tree = new JsonMapper(factory()).readTree(in);
            if (tree == null || !tree.isObject()) {
                throw new ModelFormatException(file + ": it holds no JSON object");
            }
            return new JsonObject(file, "", tree);
        } catch (JsonProcessingException | CharConversionException e) {
            throw malformed(file, e);
        }
    }

    /** @param cause of the parser, or of its decoder of characters */
    static ModelFormatException malformed(Path file, IOException cause) {
        String why = cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage();
        return new ModelFormatException(file + ": it is not valid JSON: " + why + "; if nobody has edited it, it is damaged:"
                + " fetch it again", cause);
    }
}
