package org.alcove.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/**
 * Compares charts with the ones in the source tree. To write them anew:
 * {@code mvn -pl bundles/plot test -DargLine=-Dalcove.golden=write} in the root of the tree; then look at them.
 */
final class Golden {

    private Golden() {
    }

    static void assertSame(String name, String svg) {
        assertWellFormed(svg);
        try {
            if ("write".equals(System.getProperty("alcove.golden"))) {
                Files.writeString(Path.of("src/test/resources/org/alcove/plot", name), svg);
                return;
            }
            try (InputStream golden = Golden.class.getResourceAsStream(name)) {
                assertNotNull(golden, name + " is missing: write it with -Dalcove.golden=write");
                assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), svg);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertWellFormed(String svg) {
        try {
            parse(svg);
        } catch (Exception e) {
            throw new AssertionError(svg, e);
        }
    }

    static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
