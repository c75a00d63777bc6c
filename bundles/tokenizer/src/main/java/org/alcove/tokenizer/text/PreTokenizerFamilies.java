package org.alcove.tokenizer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The pre-tokenizers that {@code tokenizer.ggml.pre} names, kept as data in {@code pre-tokenizers.json}: the patterns are those
 * of the models' own {@code tokenizer.json}, applied one after the other, each match a word of its own.
 */
final class PreTokenizerFamilies {
    private static final String RESOURCE = "pre-tokenizers.json";

    private final JsonNode families;

    /**
     * A family.
     *
     * @param words cuts text into words, spelled in the byte alphabet
     * @param wholeWords whether a word that is a token is taken as it is
     * @param addBegin whether the begin token goes in front where the file does not say
     */
    record Family(PreTokenizer words, boolean wholeWords, boolean addBegin) {
    }

    /**
     * A family as the resource has it.
     *
     * @param name its first name
     * @param patterns applied one after the other
     * @param wholeWords whether a word that is a token is taken as it is
     */
    record Description(String name, List<String> patterns, boolean wholeWords) {
    }

    PreTokenizerFamilies() {
        try (InputStream in = PreTokenizerFamilies.class.getResourceAsStream(RESOURCE)) {
            families = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle's own " + RESOURCE + " cannot be read; build it again", e);
        }
    }

    Optional<Family> family(String name) {
        for (JsonNode family : families) {
            for (JsonNode known : family.get("names")) {
                if (known.textValue().equals(name)) {
                    return Optional.of(read(family));
                }
            }
        }
        return Optional.empty();
    }

    /** What the resource says of a family. */
    Optional<Description> describe(String name) {
        return descriptions().stream().filter(known -> known.names().contains(name)).map(Named::description).findFirst();
    }

    /** The family that applies these patterns. */
    Optional<Description> applying(List<String> patterns, boolean wholeWords) {
        return descriptions().stream().map(Named::description)
                .filter(known -> known.patterns().equals(patterns) && known.wholeWords() == wholeWords).findFirst();
    }

    private record Named(List<String> names, Description description) {
    }

    private List<Named> descriptions() {
        List<Named> all = new ArrayList<>();
        for (JsonNode family : families) {
            List<String> names = texts(family.get("names"));
            all.add(new Named(names, new Description(names.getFirst(), texts(family.get("patterns")),
                    family.path("whole_words").asBoolean())));
        }
        return all;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.textValue()));
        return texts;
    }

    /** Cuts words as a family of one pattern does, without spelling them in the byte alphabet. */
    PreTokenizer pattern(String name) {
        for (JsonNode family : families) {
            if (family.get("names").get(0).textValue().equals(name)) {
                return PatternSplit.isolating(family.get("patterns").get(0).textValue());
            }
        }
        throw new IllegalArgumentException("no family begins with " + name);
    }

    /** All names, for messages. */
    String names() {
        TreeSet<String> names = new TreeSet<>();
        families.forEach(family -> family.get("names").forEach(name -> names.add(name.textValue())));
        return String.join(", ", names);
    }

    private static Family read(JsonNode family) {
        List<PreTokenizer> steps = new ArrayList<>();
        family.get("patterns").forEach(pattern -> steps.add(PatternSplit.isolating(pattern.textValue())));
        steps.add(PreTokenizer.BYTES);
        return new Family(PreTokenizer.sequence(steps), family.path("whole_words").asBoolean(),
                family.path("add_begin").asBoolean());
    }
}
