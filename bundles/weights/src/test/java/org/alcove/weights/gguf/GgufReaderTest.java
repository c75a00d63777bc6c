package org.alcove.weights.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.checkpoint.StoredTensor;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.GgufSample.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufReaderTest {

    @TempDir
    private Path folder;

    private DescribedModel describe(GgufSample sample) throws IOException {
        return new DescribedModel(GgufReader.read(sample.write(folder.resolve("sample.gguf"))));
    }

    @Test
    void everyKindOfValueIsRead() throws IOException {
        ModelFile model = describe(GgufSample.of("qwen2").raw("u8", 0, new Bytes().int8(200))
                .raw("i8", 1, new Bytes().int8(-2)).raw("u16", 2, new Bytes().int16(60_000)).raw("i16", 3, new Bytes().int16(-3))
                .raw("i32", 5, new Bytes().int32(-5)).raw("i64", 11, new Bytes().int64(-11)).key("u32", 7).key("u64", 8L)
                .key("f32", 1.5f).key("f64", 2.5).key("yes", true).key("no", false).key("texts", new String[] {"ü", ""})
                .key("ints", new int[] {-1, 2}).raw("floats", 9, new Bytes().int32(6).int64(1).int32(Float.floatToIntBits(.5f)))
                .raw("flags", 9, new Bytes().int32(7).int64(2).int8(1).int8(0)).key("none", new String[0]));
        assertEquals(200, model.integer("u8").orElseThrow());
        assertEquals(-2, model.integer("i8").orElseThrow());
        assertEquals(60_000, model.integer("u16").orElseThrow());
        assertEquals(-3, model.integer("i16").orElseThrow());
        assertEquals(-5, model.integer("i32").orElseThrow());
        assertEquals(-11, model.integer("i64").orElseThrow());
        assertEquals(7, model.number("u32").orElseThrow());
        assertEquals(8, model.integer("u64").orElseThrow());
        assertEquals(1.5, model.number("f32").orElseThrow());
        assertEquals(2.5, model.number("f64").orElseThrow());
        assertEquals(OptionalInt.empty(), model.integer("f32"));
        assertTrue(model.flag("yes").orElseThrow() && !model.flag("no").orElseThrow());
        assertEquals(List.of("ü", ""), model.texts("texts"));
        assertEquals(2, model.integers("ints")[1]);
        assertEquals(-1f, model.numbers("ints")[0]);
        assertEquals(.5f, model.numbers("floats")[0]);
        assertEquals(0, model.integers("floats").length);
        assertEquals(1, model.integers("flags")[0]);
        assertEquals(List.of(), model.texts("none"));
        assertEquals("halves", model.text(ModelFile.ROPE_PAIRING).orElseThrow());
        assertEquals(19, model.keys().size());
    }

    @Test
    void numbersTooLargeForAnIntCountAsAbsent() throws IOException {
        ModelFile model = describe(GgufSample.of("llama").key("large", -1).key("larger", -1L)
                .raw("list", 9, new Bytes().int32(4).int64(1).int32(-1)));
        assertEquals(OptionalInt.empty(), model.integer("large"));
        assertEquals(OptionalInt.empty(), model.integer("larger"));
        assertEquals(4294967295.0, model.number("large").orElseThrow());
        assertEquals(0, model.integers("list").length);
    }

    @Test
    void rotaryPairsAreThoseOfTheArchitectureUnlessTheFileSays() throws IOException {
        for (String adjacent : List.of("llama", "baichuan")) {
            assertEquals("adjacent", describe(GgufSample.of(adjacent)).text(ModelFile.ROPE_PAIRING).orElseThrow());
        }
        assertEquals("halves", describe(GgufSample.of("qwen3")).text(ModelFile.ROPE_PAIRING).orElseThrow());
        assertTrue(describe(GgufSample.of("gpt2")).text(ModelFile.ROPE_PAIRING).isEmpty());
        assertEquals("halves", describe(GgufSample.of("llama").key(ModelFile.ROPE_PAIRING, "halves"))
                .text(ModelFile.ROPE_PAIRING).orElseThrow());
    }

    @Test
    void versionTwoAndOtherAlignmentsAreRead() throws IOException {
        GgufSample sample = GgufSample.of("llama").version(2).key("general.alignment", 128).alignment(128).floats("a", 3)
                .floats("b", 5, 2);
        Checkpoint checkpoint = GgufReader.read(sample.write(folder.resolve("two.gguf")));
        StoredTensor tensor = checkpoint.tensors().get("b");
        assertEquals(new MatrixShape(2, 5), tensor.shape());
        assertEquals(40, tensor.bytes());
        assertEquals(0, tensor.sections().getFirst().offset() % 128);
        assertEquals("two", checkpoint.name());
    }

    @Test
    void typesThatNothingMultipliesAreDescribedByName() throws IOException {
        ModelFile model = describe(GgufSample.of("llama").tensor("a", 10, new byte[84], 256).tensor("b", 39, new byte[34], 64));
        assertEquals(new ModelFile.Tensor("a", "Q2_K", "", new MatrixShape(1, 256), 84), model.tensors().get("a"));
        assertEquals("MXFP4", model.tensors().get("b").type());
    }

    @Test
    void thePartsOfASplitFileAreOneModel() throws IOException {
        Path first = part(1, 3, 3).floats("a", 4).write(folder.resolve("big-00001-of-00003.gguf"));
        part(2, 3, 0).floats("b", 4).write(folder.resolve("big-00002-of-00003.gguf"));
        refused("part 3 of 3 is missing", first);
        part(3, 3, 0).floats("c", 4).write(folder.resolve("big-00003-of-00003.gguf"));
        Checkpoint checkpoint = GgufReader.read(first);
        assertEquals("big", checkpoint.name());
        assertEquals(List.of("a", "b", "c"), List.copyOf(checkpoint.tensors().keySet()));
        assertEquals(2, checkpoint.tensors().get("c").sections().getFirst().file());
        refused("it is part 2 of 3; open big-00001-of-00003.gguf", folder.resolve("big-00002-of-00003.gguf"));
        part(3, 4, 0).floats("c", 4).write(folder.resolve("big-00003-of-00003.gguf"));
        refused("split.no and split.count are 2 and 4, not 2 and 3", first);
        part(3, 3, 0).floats("b", 4).write(folder.resolve("big-00003-of-00003.gguf"));
        refused("tensor b is in an earlier part, too", first);
        part(3, 3, 0).write(folder.resolve("big-00003-of-00003.gguf"));
        refused("split.tensors.count is 3, but the 3 parts hold 2", first);
        refused("is not named like", Files.copy(first, folder.resolve("renamed.gguf")));
    }

    private static GgufSample part(int number, int count, int tensors) {
        GgufSample sample = GgufSample.of("llama").key("split.no", (short) (number - 1)).key("split.count", (short) count);
        return tensors == 0 ? sample : sample.key("split.tensors.count", tensors);
    }

    private static void refused(String message, Path file) {
        ModelFormatException error = assertThrows(ModelFormatException.class, () -> GgufReader.read(file));
        assertTrue(error.getMessage().contains(message), error::getMessage);
    }
}
