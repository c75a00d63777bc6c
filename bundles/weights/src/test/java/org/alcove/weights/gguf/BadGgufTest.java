package org.alcove.weights.gguf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.GgufSample.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a GGUF header can be wrong ends in one clear error that names the file and the key or tensor. */
class BadGgufTest {

    @TempDir
    private Path folder;

    private static GgufSample llama() {
        return GgufSample.of("llama");
    }

    private static byte[] floats(int count) {
        return new byte[4 * count];
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("it does not begin with GGUF", llama().magic("GGML")),
                arguments("it does not begin with GGUF", llama().magic("FUGG")),
                arguments("version 1 is not supported, 2 and 3 are", llama().version(1)),
                arguments("version 4 is not supported", llama().version(4)),
                arguments("big-endian numbers", llama().version(3 << 24)),
                arguments("tensors: 18446744073709551615 tensors, but at most", llama().counts(-1, 1)),
                arguments("tensors: 1000 tensors, but at most 1 are possible", llama().counts(1000, 1)),
                arguments("keys: 9223372036854775807 keys", llama().counts(0, Long.MAX_VALUE)),
                arguments("key 2 of 2: the file ends here", llama().counts(0, 2)));
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments("key k: value type 13 is not known", llama().raw("k", 13, new Bytes().int64(0))),
                arguments("key k: value type 4294967295 is not known", llama().raw("k", -1, new Bytes().int64(0))),
                arguments("key k: it is there twice", llama().key("k", 1).key("k", "two")),
                arguments("key 2 of 2: a name of 0 bytes", llama().key("", 1)),
                arguments("key 2 of 2: a name of 65536 bytes", llama().key("x".repeat(65536), 1)),
                arguments("key k: a flag is 0 or 1, not 2", llama().raw("k", 7, new Bytes().int8(2))),
                arguments("key k: a flag is 0 or 1, not 255",
                        llama().raw("k", 9, new Bytes().int32(7).int64(2).int8(1).int8(255))),
                arguments("key k: a text of 18446744073709551615 bytes", llama().raw("k", 8, new Bytes().int64(-1))),
                arguments("key k: a text of 1073741824 bytes", llama().raw("k", 8, new Bytes().int64(1 << 30).int64(0))),
                arguments("key k: 4611686018427387904 elements, but at most 2",
                        llama().raw("k", 9, new Bytes().int32(6).int64(1L << 62).int64(0))),
                arguments("key k: 18446744073709551615 elements", llama().raw("k", 9, new Bytes().int32(0).int64(-1))),
                arguments("key k: 1000000 texts, but at most 1",
                        llama().raw("k", 9, new Bytes().int32(8).int64(1_000_000).int64(0))),
                arguments("key k: value type 99 is not known", llama().raw("k", 9, new Bytes().int32(99).int64(0))),
                arguments("key k: arrays inside arrays are not supported", llama().raw("k", 9, nested(100_000))),
                arguments("key general.alignment: 33 is not a power of two", llama().key("general.alignment", 33)),
                arguments("key general.alignment: 0 is not a power of two", llama().key("general.alignment", 0)),
                arguments("key general.alignment: 2147483648 is not a power of two",
                        llama().key("general.alignment", 1 << 31)),
                arguments("key general.alignment: it is not an integer", llama().key("general.alignment", "32")));
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                arguments("tensor t: it is there twice", llama().floats("t", 8).floats("t", 8)),
                arguments("tensor 1 of 1: a name of 0 bytes", llama().floats("", 8)),
                arguments("tensor 1 of 1: a name of 64 bytes", llama().floats("x".repeat(64), 8)),
                arguments("tensor t: 0 dimensions", llama().tensor("t", 0, floats(1))),
                arguments("tensor t: 5 dimensions", llama().floats("t", 1, 1, 1, 1, 1)),
                arguments("tensor t: a dimension of 0", llama().tensor("t", 0, floats(8), 8, 0)),
                arguments("tensor t: a dimension of 18446744073709551615", llama().tensor("t", 0, floats(8), -1)),
                arguments("tensor t: a dimension of 4294967296", llama().tensor("t", 0, floats(8), 1L << 32)),
                arguments("tensor t: more than 2147483647 rows",
                        llama().tensor("t", 0, floats(8), 1, 1 << 20, 1 << 20, 1 << 20)),
                arguments("tensor t: its 8589934588 bytes at 0 end beyond the data of 32 bytes",
                        llama().tensor("t", 0, floats(8), Integer.MAX_VALUE)),
                arguments("tensor t: 2147483647 x 2147483647 values of type I64 are larger than any file",
                        llama().tensor("t", 27, floats(8), Integer.MAX_VALUE, Integer.MAX_VALUE)),
                arguments("tensor t: tensor type 4 is not known", llama().tensor("t", 4, floats(8), 8)),
                arguments("tensor t: tensor type 4294967295 is not known", llama().tensor("t", -1, floats(8), 8)),
                arguments("tensor t: rows of 33 values cannot be of type Q4_0, whose blocks hold 32",
                        llama().tensor("t", 2, floats(8), 33)),
                arguments("tensor t: rows of 128 values cannot be of type Q4_K, whose blocks hold 256",
                        llama().tensor("t", 12, floats(64), 128, 2)),
                arguments("tensor t: its 32 bytes at 64 end beyond the data of 32 bytes",
                        llama().floats("s", 8).info("t", 0, 64, 8)),
                arguments("tensor t: its 32 bytes at 18446744073709551584", llama().floats("s", 8).info("t", 0, -32, 8)),
                arguments("tensor t: its offset 4 is no multiple of the alignment 32",
                        llama().floats("s", 16).info("t", 0, 4, 8)),
                arguments("tensor t: its offset 32 is no multiple of the alignment 64",
                        llama().key("general.alignment", 64).alignment(64).floats("s", 16).info("t", 0, 32, 8)),
                arguments("tensor t: it starts at byte", llama().floats("s", 16).info("t", 0, 32, 8)));
    }

    /** An array that holds an array that holds an array … */
    private static Bytes nested(int depth) {
        Bytes bytes = new Bytes();
        for (int i = 0; i < depth; i++) {
            bytes.int32(9).int64(1);
        }
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"headers", "keys", "tensors"})
    void aBadFileIsRefused(String message, GgufSample sample) throws IOException {
        refused(message, sample.write(folder.resolve("bad.gguf")));
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        byte[] whole = llama().key("tokenizer.ggml.tokens", new String[] {"a", "bc"}).key("n", 7L).floats("s", 8, 4)
                .floats("t", 8).bytes();
        GgufReader.read(Files.write(folder.resolve("whole.gguf"), whole));
        for (int length = 0; length < whole.length; length++) {
            refused("", Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length)));
        }
    }

    @Test
    void aKeyThatIsNotUtf8IsRefused() throws IOException {
        byte[] bytes = llama().key("zz", 1).bytes();
        bytes[bytes.length - 9] = (byte) 0xff;
        refused("key 2 of 2: a name that is not UTF-8", Files.write(folder.resolve("bad.gguf"), bytes));
    }

    @Test
    void aHugeFileThatClaimsHugeMetadataTakesLittleMemory() throws IOException {
        Path file = folder.resolve("huge.gguf");
        byte[] start = llama().raw("k", 9, new Bytes().int32(0).int64(1L << 33)).bytes();
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(start);
            sparse.setLength(1L << 34);
        }
        refused("key k: 8589934592 elements, but at most 1342", file);
        byte[] texts = llama().raw("k", 9, new Bytes().int32(8).int64(1L << 24)).bytes();
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(texts);
        }
        refused("key k: 16777216 texts, but at most 2097152", file);
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        refused("there is no such file", folder.resolve("absent.gguf"));
        refused("there is no such file", folder);
        refused("there is no such file", Path.of("/dev/zero"));
    }

    private static void refused(String message, Path file) {
        ModelFormatException error = assertThrows(ModelFormatException.class, () -> GgufReader.read(file));
        assertTrue(error.getMessage().contains(message), () -> "not \"" + message + "\" but " + error.getMessage());
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
    }
}
