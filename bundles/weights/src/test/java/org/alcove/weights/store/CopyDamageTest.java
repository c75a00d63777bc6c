package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.alcove.weights.Weights;
import org.alcove.weights.sample.CapturedLog;
import org.junit.jupiter.api.Test;

/** Copies whose file is damaged, before it is mapped or afterwards. */
class CopyDamageTest extends CopiesFixture {

    @Test
    void aDamagedCopyIsMadeAnew() throws Exception {
        hasten(copies, 0);
        Path copy = onlyCopy();
        for (long at : new long[] {0, 8, 40, 48, CopyFile.HEADER, Files.size(copy) - 1}) {
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), at);
            }
            kernel.repacked.set(0);
            hasten(copies, 0);
            assertTrue(kernel.repacked.get() > 0, "byte " + at);
        }
        cutShort(copy, CopyFile.HEADER + 5);
        kernel.repacked.set(0);
        hasten(copies, 0);
        assertTrue(kernel.repacked.get() > 0, "cut short");
        assertEquals(1 + 6 + 1, kernel.interleaved.get());
    }

    @Test
    void whatIsDamagedInACopyIsLogged() throws Exception {
        hasten(copies, 0);
        Path copy = onlyCopy();
        long size = Files.size(copy);
        List<String> damages = List.of("its header is not", "its samples are not");
        for (int i = 0; i < damages.size(); i++) {
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {77}), i == 0 ? 40 : CopyFile.HEADER + 3);
            }
            assertLogged(copy, damages.get(i));
        }
        cutShort(copy, CopyFile.HEADER + 5);
        assertLogged(copy, "it has " + (CopyFile.HEADER + 5) + " bytes, not " + size);
    }

    private void assertLogged(Path copy, String difference) throws Exception {
        try (CapturedLog log = new CapturedLog(CopyFile.class)) {
            hasten(copies, 0);
            assertEquals(1, log.lines().size(), log.lines()::toString);
            String line = log.lines().getFirst();
            assertTrue(line.startsWith("WARN The copy " + copy + " is damaged") && line.contains(difference)
                    && line.endsWith("is made anew"), line);
        }
    }

    @Test
    void aCopyThatIsCutShortWhileItIsMappedIsGivenUpForTheFile() throws Exception {
        InterleavedCopies making = making(copies, 0);
        try (Weights weights = open(making, kernel); CapturedLog log = new CapturedLog(ModelCopy.class)) {
            weights.hasten();
            making.await();
            weights.requireIntact();
            assertArrayEquals(expected, product(weights, "m"));
            assertEquals(1, kernel.interleaved.get());
            Path copy = onlyCopy();
            String sizes = " had " + Files.size(copy) + " bytes when it was opened, and now has 100";
            cutShort(copy, 100);
            weights.requireIntact();
            weights.requireIntact();
            assertArrayEquals(expected, product(weights, "m"));
            assertEquals(1, kernel.interleaved.get(), "the file's own rows are used");
            assertEquals(1, log.lines().size(), log.lines()::toString);
            String line = log.lines().getFirst();
            assertTrue(line.startsWith("WARN ") && line.contains(copy.getFileName() + sizes), line);
        }
    }

    private static void cutShort(Path file, long size) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
