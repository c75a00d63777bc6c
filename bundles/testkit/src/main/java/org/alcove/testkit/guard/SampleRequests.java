package org.alcove.testkit.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;

/** Requests made up for tests of guards. */
public final class SampleRequests {

    /** Texts that have surprised programs before. */
    static final List<String> ODD_TEXTS = List.of("", " ", "a", "\n".repeat(1000), "a".repeat(200_000), "(".repeat(5000),
            "\u0000", "\uFEFF\u202Eabc\u202C", "\uD83D\uDE00".repeat(100), "\uD83D", "<|im_end|>", "\\E.*[", "İıſß");

    private SampleRequests() {
    }

    /** A conversation of one message. */
    public static GenerateRequest chat(String content) {
        return of(new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, content)), Map.of()));
    }

    /** A text to go on with. */
    public static GenerateRequest text(String text) {
        return of(new GenerateRequest.Text(text));
    }

    /** A request for this input, with nothing special about it. */
    public static GenerateRequest of(GenerateRequest.Input input) {
        return new GenerateRequest("m", RequestContext.named("r"), input, SamplingParameters.GREEDY,
                GenerateRequest.Limits.tokens(16), GenerateRequest.Logprobs.NONE);
    }

    /** All texts of a prompt that a stranger wrote, the arguments of the template left out. */
    static List<String> texts(GenerateRequest request) {
        return switch (request.input()) {
            case GenerateRequest.Chat chat -> chat.messages().stream().map(Message::content).toList();
            case GenerateRequest.Text text -> List.of(text.text());
            case GenerateRequest.Tokens tokens -> List.of();
        };
    }

    /** Requests of every kind, with odd texts in every place. */
    static List<GenerateRequest> odd() {
        List<GenerateRequest> all = new ArrayList<>();
        for (String text : ODD_TEXTS) {
            all.add(text(text));
            for (Message.Role role : Message.Role.values()) {
                all.add(of(new GenerateRequest.Chat(List.of(new Message(role, text)), Map.of())));
            }
            all.add(of(new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "x")),
                    Map.of("tools", List.of(Map.of("name", text, "count", 3)), "flag", true))));
        }
        all.add(of(new GenerateRequest.Chat(Stream.generate(() -> new Message(Message.Role.USER, "x")).limit(10_000).toList(),
                Map.of())));
        all.add(of(new GenerateRequest.Tokens(List.of(1, 2, 3))));
        all.add(of(new GenerateRequest.Tokens(List.of())));
        return all;
    }
}
