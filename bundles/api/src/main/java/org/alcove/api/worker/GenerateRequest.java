package org.alcove.api.worker;

import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.Message;

/**
 * Write the continuation of a conversation or of a text.
 *
 * @param model name of the model
 * @param context what belongs to every request
 * @param input the conversation or the text to continue
 * @param sampling how tokens are chosen
 * @param limits when to stop
 * @param logprobs which probabilities to report
 */
public record GenerateRequest(String model, RequestContext context, Input input, SamplingParameters sampling, Limits limits,
        Logprobs logprobs) implements Request {

    /** What is to be continued. */
    public sealed interface Input {
    }

    /**
     * A conversation, rendered by the model's template.
     *
     * @param messages the turns; at least one
     * @param templateArguments further arguments for the model's template; JSON-like values
     */
    public record Chat(List<Message> messages, Map<String, Object> templateArguments) implements Input {
        public Chat {
            messages = List.copyOf(messages);
            templateArguments = Map.copyOf(templateArguments);
        }
    }

    /**
     * A plain text, to which the worker adds the beginning-of-sequence token where the model wants one.
     *
     * @param text the text
     * @param control whether spellings of control tokens in it become control tokens: only where the text was put together by a
     *        part of the platform or by a peer that has shown that it belongs to it, never where strangers wrote it
     */
    public record Text(String text, boolean control) implements Input {

        /** A text that stays text, whatever it spells. */
        public Text(String text) {
            this(text, false);
        }
    }

    /** Token ids, used as they are. */
    public record Tokens(List<Integer> ids) implements Input {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }

    /**
     * When to stop.
     *
     * @param maxTokens most tokens to write; 0 for what the context has room for, {@link #NOTHING} to read the prompt only
     * @param stops strings that end the answer and are not part of it
     * @param stopIds token ids that end the answer, beside the model's own
     * @param minTokens end tokens are not chosen before that many tokens are written
     * @param ignoreEnd whether the model's end tokens are chosen and written like any other
     */
    public record Limits(int maxTokens, List<String> stops, List<Integer> stopIds, int minTokens, boolean ignoreEnd) {

        /** As the most tokens to write: none at all. */
        public static final int NOTHING = -1;

        public Limits {
            stops = List.copyOf(stops);
            stopIds = List.copyOf(stopIds);
        }

        /** Stop after that many tokens or where the model ends. */
        public static Limits tokens(int maxTokens) {
            return new Limits(maxTokens, List.of(), List.of(), 0, false);
        }
    }

    /**
     * Which probabilities to report.
     *
     * @param top how many of the likeliest tokens at each position; -1 for no probabilities at all, 0 for the chosen token only
     * @param prompt whether the prompt's tokens are reported too
     */
    public record Logprobs(int top, boolean prompt) {

        /** None. */
        public static final Logprobs NONE = new Logprobs(-1, false);

        /** Whether any are wanted. */
        public boolean wanted() {
            return top >= 0;
        }
    }
}
