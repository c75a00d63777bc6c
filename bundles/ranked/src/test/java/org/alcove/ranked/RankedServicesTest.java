package org.alcove.ranked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankedServicesTest {

    private final RankedServices<String> services = new RankedServices<>();

    private String named(String name) {
        return services.named(name).map(RankedServices.Installed::service).orElse("none");
    }

    @Test
    void ofOneNameTheBestRankedCountsThenTheFirst() {
        services.add("a", "second", new Origin(2, 0, "b"));
        services.add("a", "first", new Origin(1, 0, "b"));
        assertEquals("first", named("a"));
        services.add("a", "best", new Origin(3, 5, "b"));
        assertEquals("best", named("a"));
        assertEquals("best", services.remove(3).orElseThrow().service());
        assertEquals("first", named("a"));
        assertEquals("none", named("b"));
        assertTrue(services.remove(3).isEmpty());
    }

    @Test
    void namesComeOnceAndInOrder() {
        services.add("b", "1", new Origin(1, 0, "x"));
        services.add("a", "2", new Origin(2, 0, "x"));
        services.add("b", "3", new Origin(3, 0, "x"));
        assertEquals(List.of("a", "b"), services.names());
    }

    @Test
    void theBestOfEachNameComeInTheOrderOfTheirRanking() {
        services.add("a", "a1", new Origin(1, 0, "x"));
        services.add("b", "b5", new Origin(2, 5, "x"));
        services.add("a", "a2", new Origin(3, 2, "x"));
        services.add("b", "b9", new Origin(4, 9, "x"));
        assertEquals(List.of("b9", "a2"), services.best().stream().map(RankedServices.Installed::service).toList());
    }
}
