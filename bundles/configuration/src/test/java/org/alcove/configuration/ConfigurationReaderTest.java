package org.alcove.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class ConfigurationReaderTest {

    private @interface Form {

        int seconds() default 5;

        String file() default "";
    }

    private final List<String> lines = new ArrayList<>();
    private final Logger log = (Logger) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Logger.class},
            (self, method, arguments) -> {
                Object[] words = arguments.length > 1 ? (Object[]) arguments[1] : new Object[0];
                String line = (String) arguments[0];
                for (Object word : words) {
                    line = line.replaceFirst("\\{}", Matcher.quoteReplacement(word.toString()));
                }
                lines.add(method.getName() + " " + line);
                return null;
            });
    private final ConfigurationReader<Integer> reader =
            new ConfigurationReader<>("org.alcove.thing", Form.class, ConfigurationReaderTest::seconds, log);

    private static int seconds(GivenValues values) throws IOException {
        if (!values.text("file").isEmpty()) {
            throw new FileNotFoundException(values.text("file") + " is not there");
        }
        return values.integer("seconds", 1);
    }

    @Test
    void whatMakesSenseIsRead() throws IOException {
        assertEquals(5, reader.first(Map.of(), "nothing is there"));
        assertEquals(Optional.of(7), reader.next(Map.of("seconds", "7")));
        assertEquals(List.of(), lines);
    }

    @Test
    void whatMakesNoSenseAtTheStartLeavesTheComponentOutAndIsTold() {
        Map<String, Object> given = Map.of("seconds", 0, "service.pid", "org.alcove.thing");
        assertThrows(IllegalArgumentException.class, () -> reader.first(given, "nothing is there"));
        assertThrows(IOException.class, () -> reader.first(Map.of("file", "keys"), "nothing is there"));
        assertEquals(List.of("error Configuration org.alcove.thing: seconds in org.alcove.thing is \"0\"; a whole number from 1"
                + " to 2147483647 is possible; nothing is there until it is corrected",
                "error Configuration org.alcove.thing: keys is not there; nothing is there until it is corrected"), lines);
    }

    @Test
    void whatMakesNoSenseLaterChangesNothingAndIsTold() {
        for (Map<String, Object> given : List.<Map<String, Object>>of(Map.of("seconds", "soon"), Map.of("file", "keys"),
                Map.of("file", "$[prop:x;type=Integer;default=y]"))) {
            assertEquals(Optional.empty(), reader.next(given));
        }
        assertEquals(3, lines.stream().filter(line -> line.startsWith("error Configuration org.alcove.thing: ")
                && line.endsWith("; all goes on as it was before until it is corrected")).count(), lines::toString);
    }

    @Test
    void aKeyThatNobodyReadsIsToldUnlessOthersReadTheRest() {
        reader.next(Map.of("second", 3));
        assertEquals(List.of("warn The key second in its configuration is not known and has no effect; did you mean seconds?"),
                lines);
        lines.clear();
        for (Object several : Arrays.asList(new String[] {"a", "b"}, List.of("a", "b"))) {
            reader.next(Map.of("second", 3, "service.pid", several));
        }
        assertEquals(List.of(), lines);
        reader.next(Map.of("seconds", "x", "service.pid", List.of("a", "b"), "felix.fileinstall.filename", "/conf/b.config"));
        assertEquals("error Configuration org.alcove.thing: seconds in a or b is \"x\"", lines.getFirst().split(";")[0]);
    }
}
