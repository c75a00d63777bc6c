package org.alcove.nativelibrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

    private static final FunctionDescriptor THREE_FLOATS = FunctionDescriptor.of(ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT,
            ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT);
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @BeforeEach
    void needsACompiler() {
        assumeTrue(NativeLibraryTest.class.getResource("sample.so") != null, "built without a C compiler");
    }

    @Test
    void functionsRunWithoutContraction() throws Throwable {
        try (NativeLibrary library = open()) {
            MethodHandle handle = library.function("multiply_add", THREE_FLOATS);
            float x = 1 + 0x1p-12f;
            assertEquals(x * x - 1, (float) handle.invokeExact(x, x, -1f));
        }
    }

    @Test
    void aClosedLibraryIsUnmappedAndItsFunctionsThrow() throws Throwable {
        assumeTrue(Files.isReadable(MAPPINGS), "no /proc");
        NativeLibrary library = open();
        MethodHandle handle = library.function("multiply_add", THREE_FLOATS);
        assertTrue(isMapped());
        library.close();
        assertFalse(isMapped());
        assertThrows(IllegalStateException.class, () -> handle.invokeWithArguments(1f, 2f, 3f));
    }

    @Test
    void noFileStaysBehind() throws IOException {
        Set<Path> before = folders();
        try (NativeLibrary library = open()) {
            assertTrue(library != null);
            assertEquals(before, folders());
        }
    }

    private static Set<Path> folders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("alcove-native-")).collect(Collectors.toSet());
        }
    }

    @Test
    void aMissingFunctionIsNamed() {
        try (NativeLibrary library = open()) {
            String message = assertThrows(IllegalStateException.class,
                    () -> library.function("divide", THREE_FLOATS)).getMessage();
            assertTrue(message.contains("divide"), message);
        }
    }

    @Test
    void aLibraryThatTheBundleLacksIsNotUsed() {
        assertTrue(NativeLibrary.open(NativeLibraryTest.class, "missing.so").isEmpty());
    }

    @Test
    void whatIsNoLibraryIsNotUsed() {
        assertTrue(NativeLibrary.open(NativeLibraryTest.class, "NativeLibraryTest.class").isEmpty());
    }

    private static NativeLibrary open() {
        return NativeLibrary.open(NativeLibraryTest.class, "sample.so").orElseThrow();
    }

    private static boolean isMapped() throws IOException {
        try (var lines = Files.lines(MAPPINGS)) {
            return lines.anyMatch(line -> line.contains("sample.so"));
        }
    }
}
