package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedContentsTest {

    @TempDir
    private Path folder;
    private Sealing sealing;
    private Path plain;
    private Path sealed;
    private byte[] bytes;

    @BeforeEach
    void seal() throws IOException {
        sealing = new Sealing(folder);
        plain = sealing.gguf("m.gguf");
        sealed = sealing.sealed(plain, "m.sealed");
        bytes = Files.readAllBytes(sealed);
    }

    @Test
    void onlyTheChunksThatAreReadAreOpenedUntilAllAreWanted() throws IOException {
        byte[] changed = bytes.clone();
        changed[bytes.length - 1] ^= 1;
        Path file = Files.write(folder.resolve("changed.sealed"), changed);
        assertEquals("llama", sealing.store().describe(file, sealing.keyFile()).architecture());
        try (Arena arena = Arena.ofShared()) {
            SealedContents contents = SealedContents.of(file, sealing.keyFile(), arena);
            contents.require(0, 8L * Sealing.CHUNK);
            assertThrows(ModelFormatException.class, () -> contents.require(8L * Sealing.CHUNK, 1));
            contents.stop();
            assertThrows(ModelFormatException.class, contents::awaitAll);
        }
    }

    @Test
    void theJdksCipherOpensAModelWhereTheOtherIsMissing() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            SealedContents contents = SealedContents.of(sealed, sealing.keyFile(), KeySource.USUAL,
                    () -> new CipherChoice(ChunkCipher.jdk(), Optional.of("missing")), arena);
            contents.openAll();
            contents.awaitAll();
            assertEquals(-1, contents.memory().mismatch(MemorySegment.ofArray(Files.readAllBytes(plain))));
            contents.stop();
        }
    }

    /** The file is mapped: what is cut off is no longer there, and the Java machine says so with an error. */
    @Test
    void aFileThatBecomesShorterWhileItIsOpenedIsRefused() throws IOException {
        try (Arena arena = Arena.ofShared(); FileChannel file = FileChannel.open(sealed, StandardOpenOption.WRITE)) {
            SealedContents contents = SealedContents.of(sealed, sealing.keyFile(), arena);
            contents.require(0, 1);
            file.truncate(Sealing.headerBytes(bytes) + 1);
            String message = assertThrows(ModelFormatException.class, () -> contents.require(8L * Sealing.CHUNK, 1)).getMessage();
            assertTrue(message.contains("chunk 8 of 9"), message);
            contents.stop();
        }
    }
}
