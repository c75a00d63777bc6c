package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alcove.weights.Weights;
import org.alcove.weights.sample.CapturedLog;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** What the configuration says about copies, as it is given. */
class CopySettingsTest extends CopiesFixture {

    private static final String FAULT = "ERROR Configuration org.alcove.weights.copies: ";
    private static final String FILE = "org.alcove.weights.copies.config";

    @Test
    void autoMakesCopiesAndOffDoesNot() throws Exception {
        assertEquals(List.of(), logged(Map.of("interleaved_copy", "off"), false));
        assertEquals(List.of(), logged(Map.of("interleaved_copy", "auto"), true));
        assertEquals(List.of(), logged(Map.of(), true));
    }

    @Test
    void anyOtherWordMakesNoCopiesAndSaysWhatIsPossible() throws Exception {
        assertEquals(List.of(FAULT + "interleaved_copy in " + FILE + " is \"false\"; auto and off are "
                + "possible; no interleaved copies are made until it is corrected"),
                logged(Map.of("interleaved_copy", "false"), false));
    }

    @Test
    void aSizeThatIsNoNumberAndAKeyThatNobodyReadsAreNamed() throws Exception {
        List<String> lines = logged(Map.of("model_min_mb", "few", "interleaved", "off"), false);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("WARN The key interleaved in " + FILE + " is not known"),
                lines::toString);
        assertTrue(lines.getLast().startsWith(FAULT + "model_min_mb in " + FILE + " is \"few\"; a whole number"),
                lines::toString);
    }

    @Test
    void aConfigurationThatIsCorrectedHoldsForTheNextCopyAndAFaultyOneChangesNothing() throws Exception {
        InterleavedCopies making = new InterleavedCopies(Map.of("interleaved_copy", "maybe"), context());
        making.change(Map.of("model_min_mb", 0));
        making.change(Map.of("interleaved_copy", "maybe"));
        try (Weights weights = open(making, kernel)) {
            weights.hasten();
            making.await();
        }
        assertTrue(Files.exists(copies));
    }

    /** The warnings about a configuration that makes copies, or not. */
    private List<String> logged(Map<String, Object> configured, boolean makes) throws Exception {
        Map<String, Object> given = new HashMap<>(Map.of("model_min_mb", 0, "felix.fileinstall.filename", "file:/conf/" + FILE));
        given.putAll(configured);
        try (CapturedLog log = new CapturedLog(InterleavedCopies.class)) {
            InterleavedCopies making = new InterleavedCopies(given, context());
            try (Weights weights = open(making, kernel)) {
                weights.hasten();
                making.await();
            }
            assertEquals(makes, Files.exists(copies));
            return log.lines().stream().filter(line -> !line.startsWith("INFO ")).toList();
        }
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> {
                    assertEquals("getProperty", method.getName());
                    return copies.toString();
                });
    }
}
