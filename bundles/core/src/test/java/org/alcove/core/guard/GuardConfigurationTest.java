package org.alcove.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.alcove.api.guard.Verdict;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardConfigurationTest {

    private static final String FAULT = "the configuration of the guards is faulty, so no request is served:"
            + " longest_call_millis in org.alcove.core.guards is \"-1\"; a whole number from 1 to 2147483647 is possible";

    private GuardRegistry guards;

    private static Map<String, Object> given(Object millis, String... required) {
        return Map.of("service.pid", "org.alcove.core.guards", "longest_call_millis", millis, "required", required);
    }

    private void start(Map<String, Object> given) {
        guards = new GuardRegistry(given);
        guards.add("polite", request -> Verdict.PASS, new Origin(1, 0, "polite 1.0.0"));
    }

    @AfterEach
    void close() {
        guards.stop();
    }

    private Vigil admit() {
        return guards.admit(new GenerateRequest("m", RequestContext.named("r"), new GenerateRequest.Text("text"),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(5), GenerateRequest.Logprobs.NONE));
    }

    private String refusal() {
        return assertInstanceOf(Failure.Unavailable.class,
                assertThrows(RequestException.class, this::admit).failure()).message();
    }

    @Test
    void aFaultAtTheStartRefusesEveryRequestUntilItIsCorrected() {
        start(given(-1, "polite"));
        assertEquals(FAULT, refusal());
        guards.modified(given(2000, "polite"));
        assertSame(Vigil.NONE, admit());
    }

    @Test
    void aFaultyChangeLetsNothingPassThatItWasToKeepBack() {
        start(Map.of());
        assertSame(Vigil.NONE, admit());
        guards.modified(given(-1, "missing"));
        assertEquals(FAULT, refusal());
        assertEquals(List.of("missing"), guards.required());
        guards.modified(given("2000", "missing"));
        assertEquals("the guard missing is required by org.alcove.core.guards and is not installed; install its bundle, or take"
                + " its name out of required", refusal());
        guards.modified(Map.of());
        assertSame(Vigil.NONE, admit());
    }

    @Test
    void whatIsNoNumberIsAFaultToo() {
        start(given("soon"));
        assertEquals(FAULT.replace("-1", "soon"), refusal());
    }

    @Test
    void aFaultIsToldWhereNoGuardIsInstalledAsWell() {
        start(given(-1));
        guards.remove(1);
        assertEquals(FAULT, refusal());
    }
}
