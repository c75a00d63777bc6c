package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

    private static Arguments parse(String... words) throws ImageException {
        List<String> all = new ArrayList<>(List.of("--home", "/h", "--lock", "/l", "--work", "/w"));
        all.addAll(List.of(words));
        return Arguments.parse(all);
    }

    @Test
    void packagesAreTheLockedOnesUnlessToldOtherwise() throws ImageException {
        assertEquals(Arguments.Packages.LOCKED, parse().packages());
        assertEquals(Arguments.Packages.CURRENT, parse("--current-packages").packages());
        assertEquals(Arguments.Packages.UPDATED, parse("--update-packages").packages());
    }

    @Test
    void theLastPlaceToWriteToWins() throws ImageException {
        assertEquals(Path.of("/b.tar"), parse("--out", "/a.tar", "--out", "/b.tar").out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --colour blue  | does not know '--colour'
            --out          | --out needs a value
            --out /folder  | FILE.tar
            """)
    void aFlagThatMakesNoSenseIsNamed(String words, String said) {
        String message = assertThrows(ImageException.class, () -> parse(words.split(" +"))).getMessage();
        assertTrue(message.contains(said), message);
    }
}
