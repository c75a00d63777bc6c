package org.alcove.nativelibrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorFlagsTest {

    @TempDir
    Path folder;

    private Set<String> read(String text) throws IOException {
        return ProcessorFlags.read(Files.writeString(folder.resolve("cpuinfo"), text));
    }

    @Test
    void theFlagsOfTheFirstProcessorCount() throws IOException {
        assertEquals(Set.of("fpu", "avx2"),
                read("processor\t: 0\nflags\t\t: fpu avx2\n\nprocessor\t: 1\nflags\t\t: fpu avx512f\n"));
    }

    @Test
    void armCallsThemFeatures() throws IOException {
        assertEquals(Set.of("asimd", "asimddp"), read("processor\t: 0\nFeatures\t: asimd asimddp\n"));
    }

    @Test
    void aListWithoutFlagsHasNoneAndAMissingOneIsAnError() throws IOException {
        assertEquals(Set.of(), read("processor\t: 0\n"));
        assertThrows(NoSuchFileException.class, () -> ProcessorFlags.read(folder.resolve("nothing")));
    }
}
