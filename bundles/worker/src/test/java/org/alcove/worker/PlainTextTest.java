package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.alcove.api.worker.GenerateRequest;
import org.junit.jupiter.api.Test;

class PlainTextTest {

    private final LoadedModel model = new Bench().model;

    @Test
    void aTextStaysTextWhateverItSpells() {
        assertEquals(1 + "</s>".length(), model.count(new GenerateRequest.Text("</s>")), "the begin token and the letters");
    }

    @Test
    void aTextOfAPeerOfThePlatformMayHoldControlTokens() {
        assertEquals(2, model.count(new GenerateRequest.Text("</s>", true)), "the begin token and the control token");
    }
}
