package org.alcove.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenValuesTest {

    private @interface Form {

        String path();

        int context__tokens() default 64;

        double top__p() default -1;

        boolean reachable() default false;

        String[] required() default {};
    }

    private static GivenValues of(String key, Object value) {
        return new GivenValues(Form.class, Map.of(key, value));
    }

    @Test
    void aFileWhoseValuesWereNotReplacedIsToldSoAndNotThatTheFirstOfThemIsWrong() {
        GivenValues values = new GivenValues(Form.class, Map.of("path", "$[prop:model;default=]", "context_tokens", 3,
                "felix.fileinstall.filename", "file:/home/conf/org.alcove.thing.config"));
        String told = assertThrows(IllegalArgumentException.class, values::requireReplaced).getMessage();
        assertTrue(told.startsWith("a value in org.alcove.thing.config that is written as $[…] is not of its type; "), told);
        of("path", "/models/$[a]/b").requireReplaced();
    }

    @Test
    void aFolderHasToBeNamed() {
        assertEquals(Path.of("/var/alcove"), of("path", "/var/alcove").folder("path"));
        for (GivenValues empty : List.of(of("path", " "), new GivenValues(Form.class, Map.of()))) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> empty.folder("path")).getMessage()
                    .endsWith("; the path of a folder is needed"));
        }
    }

    @Test
    void whatIsNotGivenIsTheDefaultAndEmptyWhereThereIsNone() {
        GivenValues none = new GivenValues(Form.class, Map.of());
        assertEquals(64, none.integer("context_tokens", 1));
        assertEquals(-1, none.fraction("top_p"));
        assertFalse(none.flag("reachable"));
        assertEquals(List.of(), none.texts("required"));
        assertEquals("", none.text("path"));
    }

    @Test
    void aNumberIsReadWhateverItsTypeAsLongAsNothingIsLost() {
        for (Object four : List.of(4, 4L, (short) 4, 4.0, 4f, "4", " 4 ", "4.0")) {
            assertEquals(4, of("context_tokens", four).integer("context_tokens", 0, 8));
        }
        for (Object other : List.of(4.5, 9, -1L, 4_294_967_300L, Double.NaN, "", "four", "1e999999999", "1e-999999999",
                new Integer[] {4})) {
            assertThrows(IllegalArgumentException.class, () -> of("context_tokens", other).integer("context_tokens", 0, 8),
                    () -> "" + other);
        }
    }

    @Test
    void aFlagIsTrueOrFalseAndNothingElse() {
        assertTrue(of("reachable", true).flag("reachable"));
        assertTrue(of("reachable", " True ").flag("reachable"));
        assertFalse(of("reachable", "false").flag("reachable"));
        for (Object other : List.of("yes", "", 1)) {
            assertEquals("reachable in its configuration is \"" + other + "\"; true and false are possible",
                    assertThrows(IllegalArgumentException.class, () -> of("reachable", other).flag("reachable")).getMessage());
        }
    }

    @Test
    void textsMayBeAnArrayAListOrOneAlone() {
        for (Object given : List.of(new String[] {"a"}, List.of("a"), "a")) {
            assertEquals(List.of("a"), of("required", given).texts("required"));
        }
    }

    @Test
    void aRefusalNamesTheKeyTheFileTheValueAndWhatIsPossible() {
        GivenValues values = new GivenValues(Form.class, Map.of("context_tokens", "abc", "service.pid", "org.example~m",
                "felix.fileinstall.filename", "file:/home/conf/org.example-m.config"));
        assertEquals("context_tokens in org.example-m.config is \"abc\"; a whole number from 0 to 9 is possible",
                assertThrows(IllegalArgumentException.class, () -> values.integer("context_tokens", 0, 9)).getMessage());
    }

    @Test
    void aKeyThatNobodyReadsIsToldWithTheOneThatWasMeant() {
        String start = "The key ";
        String end = " in its configuration is not known and has no effect; ";
        for (String typed : List.of("context_tokns", "contexttokens", "context.tokens", "context_tokenss", "Context_Tokens")) {
            assertEquals(List.of(start + typed + end + "did you mean context_tokens?"), of(typed, 5).strangers());
        }
        assertEquals(List.of(start + "colour" + end + "there are context_tokens, path, reachable, required, top_p"),
                of("colour", "red").strangers());
    }

    @Test
    void whatThePlatformAddsIsNoStranger() {
        for (String key : List.of("service.pid", "service.factoryPid", "felix.fileinstall.filename", "component.name",
                "component.id", "osgi.ds.satisfying.condition.target", "chooser.target", "Guard.cardinality.minimum",
                "alcove.admin", "path", "top_p")) {
            assertEquals(List.of(), of(key, "x").strangers());
        }
    }
}
