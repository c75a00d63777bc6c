package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.SamplingKey;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTest {

    private static final long SEALED = 5000;

    @TempDir
    private Path folder;
    private final List<KeyPlace> asked = new ArrayList<>();
    private boolean locked;
    private OptionalLong sealedBytes = OptionalLong.of(SEALED);
    private FakeModelFile header = FakeModelFile.BARE;
    private Path model;
    private Forecast forecast;

    @BeforeEach
    void writeAModel() throws IOException {
        model = Files.writeString(folder.resolve("model.sealed"), "model");
        WeightStore store = (WeightStore) Proxy.newProxyInstance(ForecastTest.class.getClassLoader(),
                new Class<?>[] {WeightStore.class}, (self, method, arguments) -> switch (method.getName()) {
                    case "sealedBytes" -> sealedBytes;
                    case "describe" -> described(arguments);
                    default -> throw new AssertionError(method.toString());
                });
        EngineFactory engines = new EngineFactory() {
            @Override
            public Engine open(Weights weights, EngineSettings settings) {
                throw new AssertionError("nothing is opened for a forecast");
            }

            @Override
            public EngineMemory predict(ModelFile file, EngineSettings settings) {
                return new EngineMemory(1000, 80, 20, 3);
            }
        };
        forecast = new Forecast(store, engines);
    }

    private ModelFile described(Object[] arguments) throws ModelFormatException {
        asked.add(arguments.length > 1 ? (KeyPlace) arguments[1] : new KeyPlace.Nowhere());
        if (locked) {
            throw new ModelFormatException("the key given is another one");
        }
        return header;
    }

    private EngineMemory of(String key) {
        return forecast.of(model, key, EngineSettings.DEFAULT).orElseThrow();
    }

    @Test
    void aPlainModelTakesWhatItsHeaderSays() {
        sealedBytes = OptionalLong.empty();
        assertEquals(new EngineMemory(1000, 80, 20, 3), of(""));
    }

    @Test
    void aSealedModelWithItsKeyInAFileTakesAllItsBytesAndTheRestOfAnEngine() {
        assertEquals(new EngineMemory(SEALED, 80, 20, 3), of("/keys/model.key"));
        assertEquals(List.of(new KeyPlace.InFile(Path.of("/keys/model.key"))), asked);
    }

    @Test
    void withoutAKeyOrWithAWrongOneItsBytesCountAtLeast() {
        assertEquals(new EngineMemory(SEALED, 0, 0, 0), of(""));
        assertEquals(List.of(), asked);
        locked = true;
        assertEquals(new EngineMemory(SEALED, 0, 0, 0), of("/keys/other.key"));
    }

    /** A broker takes seconds, and a forecast is made while others wait for it. */
    @Test
    void noDataHubIsAskedForAForecast() {
        assertEquals(new EngineMemory(SEALED, 0, 0, 0), of("cdh:default/alcove/model-key"));
        assertEquals(List.of(), asked);
    }

    @Test
    void aFileIsReadOnceForEachKeyUntilItChanges() throws IOException {
        of("/keys/model.key");
        of("");
        of("/keys/model.key");
        assertEquals(1, asked.size());
        Files.setLastModifiedTime(model, FileTime.fromMillis(1));
        of("/keys/model.key");
        assertEquals(2, asked.size());
    }

    /** What overwrites a file leaves the time of its folder as it was. */
    @Test
    void aFolderIsReadAgainOnceAFileInItChanges() throws IOException {
        sealedBytes = OptionalLong.empty();
        model = Files.createDirectory(folder.resolve("model"));
        Path config = Files.writeString(model.resolve("config.json"), "{}");
        Path linked = Files.writeString(folder.resolve("blob"), "{}");
        Files.createSymbolicLink(model.resolve("generation_config.json"), linked);
        FileTime before = Files.getLastModifiedTime(model);
        of("");
        of("");
        assertEquals(1, asked.size());
        Files.writeString(config, "{\"max_position_embeddings\": 1024}");
        of("");
        assertEquals(2, asked.size(), "another size");
        Files.setLastModifiedTime(linked, FileTime.fromMillis(1));
        of("");
        assertEquals(3, asked.size(), "another time");
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        Files.setLastModifiedTime(model, before);
        of("");
        assertEquals(4, asked.size(), "another file");
    }

    @Test
    void aSplitFileIsReadAgainOnceAnyPartOfItChanges() throws IOException {
        sealedBytes = OptionalLong.empty();
        model = Files.writeString(folder.resolve("m-00001-of-00002.gguf"), "first");
        Path second = folder.resolve("m-00002-of-00002.gguf");
        of("");
        Files.writeString(second, "second");
        of("");
        assertEquals(2, asked.size());
        Files.setLastModifiedTime(second, FileTime.fromMillis(1));
        of("");
        assertEquals(3, asked.size());
        Files.writeString(folder.resolve("other.gguf"), "of another model");
        of("");
        assertEquals(3, asked.size());
    }

    /** One look at a header tells both, and a sealed one is looked into where its key lies in a file. */
    @Test
    void aHeaderTellsHowTokensAreToBeChosenBeforeItsModelIsLoaded() {
        header = new FakeModelFile(Map.of(SamplingKey.TEMPERATURE.key(), 0.25));
        for (String key : List.of("/keys/model.key", "cdh:default/alcove/model-key")) {
            Optional<SamplingDefaults> found = forecast.sampling(model, key, EngineSettings.DEFAULT);
            assertEquals(key.startsWith("/"), found.isPresent(), key);
            found.ifPresent(sampling -> assertEquals(0.25, sampling.temperature().orElseThrow()));
        }
        sealedBytes = OptionalLong.empty();
        int before = asked.size();
        of("");
        assertEquals(0.25, forecast.sampling(model, "", EngineSettings.DEFAULT).orElseThrow().temperature().orElseThrow());
        assertEquals(before + 1, asked.size());
    }

    @Test
    void aFileThatIsGoneHasNoForecast() throws IOException {
        Files.delete(model);
        assertEquals(Optional.empty(), forecast.of(model, "", EngineSettings.DEFAULT));
        assertTrue(asked.isEmpty());
    }
}
