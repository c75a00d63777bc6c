package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

    @TempDir
    private Path data;
    private final List<String> said = new ArrayList<>();
    private Path place;
    private ModelFolder folder;

    @BeforeEach
    void nameAFolder() {
        place = data.resolve("models");
        folder = new ModelFolder(place, said::add);
    }

    private void complains(String reason) {
        assertEquals(Map.of(), folder.models());
        assertEquals(Map.of(), folder.models());
        assertEquals(1, said.size(), "once: " + said);
        assertTrue(said.getFirst().contains(place + " cannot be read: " + reason), said.getFirst());
    }

    @Test
    void aFileInItsPlaceIsSaidOnce() throws IOException {
        Files.writeString(place, "no folder");
        complains("it is no folder");
    }

    @Test
    void itIsSaidAtTheStartAlready() throws IOException {
        Files.writeString(place, "no folder");
        new LocalModels(null, folder, properties -> { });
        assertEquals(1, said.size());
    }

    @Test
    void aLinkToItselfIsSaidOnce() throws IOException {
        Files.createSymbolicLink(place, place);
        complains("Too many levels of symbolic links");
    }

    @Test
    void aLinkToNothingIsSaidOnce() throws IOException {
        Files.createSymbolicLink(place, data.resolve("nowhere"));
        complains("it is a link to nothing");
    }

    @Test
    void whatIsCorrectedAndBreaksAgainIsSaidAgain() throws IOException {
        Files.writeString(place, "no folder");
        folder.models();
        Files.delete(place);
        folder.models();
        Files.writeString(place, "no folder");
        folder.models();
        assertEquals(2, said.size(), said.toString());
    }

    @Test
    void nothingIsSaidOfAFolderThatIsThereOrIsNot() throws IOException {
        assertEquals(Map.of(), folder.models());
        Files.createDirectory(place);
        Path model = Files.writeString(place.resolve("m.gguf"), "m");
        assertEquals(Map.of("m", model), folder.models());
        assertEquals(List.of(), said);
    }
}
