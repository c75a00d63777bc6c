package org.alcove.openai;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.TokenProbability;

/** One choice of an answer as it grows. */
final class ChoiceText {

    final int index;
    final boolean probabilities;
    final StringBuilder text = new StringBuilder();
    final List<TokenProbability> tokens = new ArrayList<>();
    boolean begun;
    GenerationEvent.Reason reason;
    /** What the choice begins with: the prompt where it is echoed, else empty. */
    String echoed = "";
    TextOffsets offsets = new TextOffsets("");

    ChoiceText(int index, boolean probabilities) {
        this.index = index;
        this.probabilities = probabilities;
    }

    /** The prompt's text begins the choice. */
    void echo(String prompt) {
        echoed = prompt;
        offsets = new TextOffsets(prompt);
        text.append(prompt);
    }

    /** Text of a prompt: as it was sent, or, for ids, what its tokens spell. */
    static String promptText(GenerateRequest request, List<TokenProbability> scored) {
        if (request.input() instanceof GenerateRequest.Text given) {
            return given.text();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        scored.forEach(token -> bytes.writeBytes(token.bytes()));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
