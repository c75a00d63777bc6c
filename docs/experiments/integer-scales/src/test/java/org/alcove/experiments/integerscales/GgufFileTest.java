package org.alcove.experiments.integerscales;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {

    @TempDir
    Path folder;

    private static void text(ByteBuffer out, String text) {
        out.putLong(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A key of each kind, an F16 matrix of 2 rows by 3 columns, and an F32 vector of 2. */
    private Path source() throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.UTF_8)).putInt(3).putLong(2).putLong(3);
        text(out, "a");
        out.putInt(8);
        text(out, "value");
        text(out, "b");
        out.putInt(9).putInt(4).putLong(2).putInt(1).putInt(2);
        text(out, "c");
        out.putInt(7).put((byte) 1);
        text(out, "matrix");
        out.putInt(2).putLong(3).putLong(2).putInt(1).putLong(0);
        text(out, "vector");
        out.putInt(1).putLong(2).putInt(0).putLong(32);
        out.position((out.position() + 31) / 32 * 32);
        for (int i = 0; i < 6; i++) {
            out.putShort(Float.floatToFloat16(i + 0.5f));
        }
        out.position((out.position() + 31) / 32 * 32);
        out.putFloat(7).putFloat(8);
        return Files.write(folder.resolve("source.gguf"), Arrays.copyOf(out.array(), out.position()));
    }

    @Test
    void whatIsWrittenIsReadWithTheChangedValues() throws IOException {
        GgufFile source = new GgufFile(source());
        assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f}, source.values(source.tensors().getFirst()));
        float[] changed = {6, 5, 4, 3, 2, 1 / 3f};
        Path target = folder.resolve("target.gguf");
        source.write(target, Map.of("matrix", changed));
        GgufFile written = new GgufFile(target);
        assertEquals(2, written.tensors().size());
        assertArrayEquals(changed, written.values(written.tensors().getFirst()));
        assertArrayEquals(new float[] {7, 8}, written.values(written.tensors().getLast()));
        assertArrayEquals(new long[] {3, 2}, written.tensors().getFirst().dimensions());
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "something that is longer than a header");
        assertThrows(IOException.class, () -> new GgufFile(other));
    }
}
