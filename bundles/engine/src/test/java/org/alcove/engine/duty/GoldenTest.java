package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.base.VectorDense;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.text.ModelTokenizers;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.Test;

/** A real model gives the text that another implementation gave. */
class GoldenTest {

    @Test
    void theGreedyTextIsTheGoldenOne() throws Exception {
        int[] golden = Stories.greedyIds();
        try (Engine engine = new LocalEngineFactory().open(Stories.open(new VectorDense(), new ReferenceDense()),
                EngineSettings.DEFAULT.withThreads(1))) {
            SequenceRequest request = SequenceRequest.of(new int[] {golden[0]}, SamplingParameters.GREEDY, golden.length - 1,
                    Set.of());
            assertArrayEquals(Arrays.copyOfRange(golden, 1, golden.length), Answers.ids(engine.submit(request)));
        }
    }

    @Test
    void everyGreedyTextIsTheGoldenOne() throws Exception {
        Weights weights = Stories.open(new VectorDense());
        Tokenizer tokenizer = new ModelTokenizers().open(weights.file());
        JsonNode cases = new ObjectMapper().readTree(Stories.file("greedy.json").toFile());
        assertEquals(4, cases.size());
        try (Engine engine = new LocalEngineFactory().open(weights, EngineSettings.DEFAULT.withThreads(1))) {
            for (JsonNode golden : cases) {
                int[] prompt = tokenizer.encode(List.of(PromptPiece.content(golden.get("prompt").asText())), true);
                int[] answer = Answers.ids(engine.submit(SequenceRequest.of(prompt, SamplingParameters.GREEDY,
                        golden.get("max_tokens").asInt(), tokenizer.endIds())));
                int[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
                System.arraycopy(answer, 0, all, prompt.length, answer.length);
                assertEquals(golden.get("prompt").asText() + golden.get("greedy").asText(), tokenizer.decode(all).strip());
            }
        }
    }

    @Test
    void thePerplexityOfTheCorpusIsTheGoldenOne() throws Exception {
        List<int[]> corpus = Stories.corpus();
        try (Engine engine = new LocalEngineFactory().open(Stories.open(new VectorDense()),
                EngineSettings.DEFAULT.withThreads(2))) {
            double sum = 0;
            int count = 0;
            for (int[] ids : corpus.subList(4, 10)) {
                SequenceRequest request = new SequenceRequest(ids, ids.length, SamplingParameters.GREEDY, 0, 0, Set.of(), -1,
                        true, 0);
                TokenEvent.PromptScored scored = (TokenEvent.PromptScored) engine.submit(request).next();
                for (int i = 1; i < ids.length; i++) {
                    sum -= scored.logprobs()[i];
                    count++;
                }
            }
            assertEquals(3.776, Math.exp(sum / count), 0.0006);
        }
    }
}
