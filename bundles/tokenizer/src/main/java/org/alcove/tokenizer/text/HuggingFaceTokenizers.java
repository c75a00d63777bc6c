package org.alcove.tokenizer.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Reads the tokenizer a Hugging Face folder describes by {@code tokenizer.json} and {@code tokenizer_config.json}. */
final class HuggingFaceTokenizers {
    private final ModelFile model;
    private final JsonText root;
    private final JsonText config;

    HuggingFaceTokenizers(ModelFile model, Path tokenizer) throws ModelFormatException {
        this.model = model;
        this.root = JsonText.read(tokenizer);
        Optional<Path> settings = model.companion("tokenizer_config.json");
        this.config = settings.isPresent() ? JsonText.read(settings.get())
                : new JsonText(tokenizer, "tokenizer_config", JsonNodeFactory.instance.objectNode());
    }

    Tokenizer open() throws ModelFormatException {
        JsonText bpe = root.at("model");
        // Files of the first versions give no type; only BPE has merges.
        if (!"BPE".equals(bpe.at("type").text(bpe.at("merges").absent() ? "none" : "BPE"))) {
            throw bpe.unsupported("BPE");
        }
        JsonVocabulary tokens = JsonVocabulary.read(root, config);
        Vocabulary vocabulary = tokens.vocabulary();
        Normalizer normalizer = JsonNormalizers.read(root.at("normalizer"));
        List<AddedTokens.Added> raw = new ArrayList<>();
        List<AddedTokens.Added> normalized = new ArrayList<>();
        for (JsonVocabulary.AddedToken added : tokens.added()) {
            AddedTokens.Added token = added.token();
            if (added.normalized()) {
                normalized.add(new AddedTokens.Added(token.id(), normalizer.apply(token.spelling()), false, token.takesLeft(),
                        token.takesRight(), token.wordOnly()));
            } else {
                raw.add(token);
            }
        }
        TextModel text = new TextPipeline(normalizer, new AddedTokens(normalized),
                JsonPreTokenizers.read(root.at("pre_tokenizer")), new JsonMerges(bpe, vocabulary).model());
        return new PieceTokenizer(vocabulary.covering(model), new AddedTokens(raw), text,
                JsonDecoders.read(root.at("decoder")), ends(vocabulary));
    }

    private PieceTokenizer.Ends ends(Vocabulary vocabulary) throws ModelFormatException {
        Optional<String> template = templateBegin(root.at("post_processor"));
        int begin = named("bos_token", vocabulary);
        if (begin < 0 && template.isPresent()) {
            begin = vocabulary.find(template.get());
        }
        if (begin < 0) {
            begin = EndTokens.idAt(model, "tokenizer.ggml.bos_token_id", vocabulary).orElse(-1);
        }
        boolean templateAdds = template.isPresent() && vocabulary.find(template.get()) == begin;
        boolean add = config.at("add_bos_token").flag(templateAdds);
        Set<Integer> ends = new TreeSet<>(EndTokens.of(model, vocabulary));
        int end = named("eos_token", vocabulary);
        if (end >= 0) {
            ends.add(end);
        }
        return new PieceTokenizer.Ends(begin, add && begin >= 0, Set.copyOf(ends));
    }

    /** Id of a token the configuration names, as a text or as an object with its content; -1 for none. */
    private int named(String key, Vocabulary vocabulary) throws ModelFormatException {
        JsonText token = config.at(key);
        String spelling = token.node().isObject() ? token.at("content").text() : token.text("");
        if (spelling.isEmpty()) {
            return -1;
        }
        return vocabulary.id(spelling).orElseThrow(() -> token.problem("is " + Vocabulary.quote(spelling)
                + ", which is no token of " + root.file().getFileName()));
    }

    /** The token a template puts in front of a text. */
    private static Optional<String> templateBegin(JsonText json) throws ModelFormatException {
        if ("Sequence".equals(json.at("type").text(""))) {
            for (JsonText step : json.at("processors").elements()) {
                Optional<String> found = templateBegin(step);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        if ("TemplateProcessing".equals(json.at("type").text(""))) {
            List<JsonText> single = json.at("single").elements();
            if (!single.isEmpty() && !single.getFirst().at("SpecialToken").absent()) {
                return Optional.of(single.getFirst().at("SpecialToken").at("id").text());
            }
        }
        return Optional.empty();
    }
}
