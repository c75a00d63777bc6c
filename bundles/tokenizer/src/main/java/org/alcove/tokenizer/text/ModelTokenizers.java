package org.alcove.tokenizer.text;

import java.nio.file.Path;
import java.util.Optional;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens the tokenizer of a model: by its GGUF keys, or by the {@code tokenizer.json} or {@code tokenizer.model} beside it. */
@Component
public final class ModelTokenizers implements Tokenizers {

    @Activate
    public ModelTokenizers() {
        // Nothing to hold: a tokenizer owns what it reads.
    }

    @Override
    public Tokenizer open(ModelFile model) throws ModelFormatException {
        Optional<Path> json = model.companion("tokenizer.json");
        if (json.isPresent()) {
            return new HuggingFaceTokenizers(model, json.get()).open();
        }
        if (model.text(GgufTokenizers.MODEL).isPresent() || !model.texts(GgufTokenizers.TOKENS).isEmpty()) {
            return new GgufTokenizers(model).open();
        }
        Optional<Path> pieces = model.companion("tokenizer.model");
        if (pieces.isPresent()) {
            return new GgufTokenizers(model).open(SentencePieceFile.read(pieces.get()));
        }
        throw new ModelFormatException(model.path() + " describes no tokenizer: it has neither the keys tokenizer.ggml.* nor a "
                + "tokenizer.json; put the model's tokenizer.json beside the weights");
    }
}
