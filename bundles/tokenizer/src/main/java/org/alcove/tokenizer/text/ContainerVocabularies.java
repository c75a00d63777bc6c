package org.alcove.tokenizer.text;

import java.util.Map;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.VocabularyConverter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Rewrites vocabularies of the kinds this room reads. */
@Component
public final class ContainerVocabularies implements VocabularyConverter {

    @Activate
    public ContainerVocabularies() {
        // Nothing to hold.
    }

    @Override
    public Map<String, byte[]> folderFiles(ModelFile model) throws ModelFormatException {
        return new FolderVocabulary(model).files();
    }

    @Override
    public GgufVocabulary ggufKeys(ModelFile folder, int rows) throws ModelFormatException {
        return new GgufVocabularyReader(folder, rows).read();
    }
}
