package org.alcove.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.alcove.api.control.Command.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityTextTest {

    @TempDir
    private Path folder;

    /** A file with a hole, which takes no room on the disk. */
    private Path text(long bytes) throws IOException {
        Path path = folder.resolve("text");
        try (SeekableByteChannel file = Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            file.position(bytes - 1).write(ByteBuffer.allocate(1));
        }
        return path;
    }

    @Test
    void aTextTooLargeToBeReadIsRefusedWithBothNumbers() throws IOException {
        Path text = text(1L << 31);
        Terminal terminal = new Terminal(System.in, System.out, System.err, false);
        PerplexityCommand command = new PerplexityCommand(null, null, null);
        String told = assertThrows(IOException.class,
                () -> command.run(List.of("model.gguf", text.toString()), terminal)).getMessage();
        assertEquals(text + " has 2147483648 bytes, at most 1073741808 are read; give a part of it", told);
    }
}
