package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void aStreamIsAnsweredToItsEnd() {
        String answer = Rehearsal.answer(Rehearsal.BODY.formatted(true));
        assertTrue(answer.contains("\"content\":\"Hel\"") && answer.contains("\"content\":\"lo\""), answer);
        assertTrue(answer.endsWith("data: [DONE]\n\n"), answer);
    }

    @Test
    void aWholeAnswerIsGiven() throws Exception {
        String answer = Rehearsal.answer(Rehearsal.BODY.formatted(false));
        assertEquals("Hello", Json.read(answer).at("/choices/0/message/content").asText(), answer);
    }
}
