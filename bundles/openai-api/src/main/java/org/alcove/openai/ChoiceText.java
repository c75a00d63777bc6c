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
    TextOffsets offsets = new TextOffsets(new byte[0], 0, false);

    ChoiceText(int index, boolean probabilities) {
        this.index = index;
        this.probabilities = probabilities;
    }

    /** The prompt begins the choice: its text as it was sent, or, for ids, what its tokens spell. */
    void echo(GenerateRequest request, List<TokenProbability> scored) {
        byte[] prompt = prompt(request, scored);
        echoed = new String(prompt, StandardCharsets.UTF_8);
        offsets = new TextOffsets(prompt, scored.size(), request.input() instanceof GenerateRequest.Tokens);
        text.append(echoed);
    }

    private static byte[] prompt(GenerateRequest request, List<TokenProbability> scored) {
        if (request.input() instanceof GenerateRequest.Text given) {
            return given.text().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        scored.forEach(token -> bytes.writeBytes(token.bytes()));
        return bytes.toByteArray();
    }
}
