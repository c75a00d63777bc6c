package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenValuesTest {

    private static GivenValues of(String key, Object value) {
        return new GivenValues(Map.of(key, value));
    }

    @Test
    void whatIsNotGivenIsTheDefault() {
        GivenValues none = new GivenValues(Map.of());
        assertEquals(64, none.integer("max_running", 1, 4096));
        assertEquals(-1, none.fraction("sampling_top_p"));
        assertEquals("f16", none.text("kv_type"));
        assertEquals("", none.text("model_key"));
    }

    @Test
    void aNumberIsReadWhateverItsTypeAsLongAsNothingIsLost() {
        for (Object four : List.of(4, 4L, (short) 4, 4.0, 4f, "4", " 4 ", "4.0")) {
            assertEquals(4, of("threads", four).integer("threads", 0, 8));
        }
        for (Object other : List.of(4.5, 9, -1L, 4_294_967_300L, Double.NaN, "", "four", "1e999999999", "1e-999999999",
                new Integer[] {4})) {
            assertThrows(IllegalArgumentException.class, () -> of("threads", other).integer("threads", 0, 8), () -> "" + other);
        }
    }

    @Test
    void aRefusalNamesTheKeyTheFileTheValueAndWhatIsPossible() {
        GivenValues values = new GivenValues(Map.of("context_tokens", "abc", "service.pid", "org.alcove.worker.model~m",
                "felix.fileinstall.filename", "file:/home/conf/org.alcove.worker.model-m.config"));
        assertEquals("context_tokens in org.alcove.worker.model-m.config is \"abc\"; a whole number from 0 to 9 is possible",
                assertThrows(IllegalArgumentException.class, () -> values.integer("context_tokens", 0, 9)).getMessage());
    }

    @Test
    void aKeyThatNobodyReadsIsToldWithTheOneThatWasMeant() {
        String start = "The key ";
        String end = " in its configuration is not known and has no effect; ";
        for (String typed : List.of("context_tokns", "contexttokens", "context.tokens", "context_tokenss", "Context_Tokens")) {
            assertEquals(List.of(start + typed + end + "did you mean context_tokens?"), of(typed, 5).strangers());
        }
        assertEquals(List.of(start + "colour" + end + "all keys: docs/models.md"), of("colour", "red").strangers());
    }

    @Test
    void whatThePlatformAddsIsNoStranger() {
        for (String key : List.of("service.pid", "service.factoryPid", "felix.fileinstall.filename", "component.name",
                "component.id", "alcove.admin", "path", "sampling_top_k", "model_key")) {
            assertEquals(List.of(), of(key, "x").strangers());
        }
    }
}
