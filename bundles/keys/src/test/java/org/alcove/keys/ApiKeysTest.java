package org.alcove.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {

    @TempDir
    Path folder;

    private ApiKeys.Bearer bearer(String file, String header) throws IOException {
        return new ApiKeys(Files.writeString(folder.resolve("keys"), file)).bearer(header);
    }

    @Test
    void aKeyIsKnownPlainOrByItsHash() throws IOException {
        String file = "# people\n\nann:one\nbob:sha256:8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f\n";
        assertEquals(new ApiKeys.Bearer.Known("ann"), bearer(file, "Bearer one"));
        // The hash is made by: printf %s three | sha256sum
        assertEquals(new ApiKeys.Bearer.Known("bob"), bearer(file, "bearer three"));
        assertInstanceOf(ApiKeys.Bearer.Denied.class, bearer(file, "Bearer two"));
        assertInstanceOf(ApiKeys.Bearer.Denied.class, bearer(file, "Basic one"));
        assertInstanceOf(ApiKeys.Bearer.Denied.class, bearer(file, null));
    }

    @Test
    void aFileThatMakesNoSenseOrIsNotThereLetsNobodyIn() throws IOException {
        assertInstanceOf(ApiKeys.Bearer.Unreadable.class, bearer("ann:one\nnonsense\n", "Bearer one"));
        assertInstanceOf(ApiKeys.Bearer.Unreadable.class, new ApiKeys(folder.resolve("absent")).bearer("Bearer one"));
    }
}
