package com.example.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.Message;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.testkit.guard.GuardContract;
import org.alcove.testkit.guard.SampleRequests;
import org.junit.jupiter.api.Test;

class HouseRulesTest extends GuardContract {

    @Override
    protected Guard guard() {
        return rules(3, 100, "Blue Door");
    }

    @Override
    protected Optional<GenerateRequest> refused() {
        return Optional.of(SampleRequests.chat("What is behind the BLUE door?"));
    }

    @Override
    protected List<String> endedAt() {
        return List.of("It is blue. ", "The b", "lue", " do", "or stays shut.");
    }

    private static HouseRules rules(int messages, int characters, String... denied) {
        return new HouseRules(new HouseRulesConfiguration() {
            @Override
            public int most__messages() {
                return messages;
            }

            @Override
            public int longest__message__characters() {
                return characters;
            }

            @Override
            public String[] denied() {
                return denied;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return HouseRulesConfiguration.class;
            }
        });
    }

    private static String reason(Guard guard, GenerateRequest request) {
        return assertInstanceOf(Verdict.Refuse.class, guard.judge(request)).reason();
    }

    @Test
    void tooMuchIsRefusedWithBothNumbers() {
        assertEquals("a message has 101 characters; at most 100 are accepted here, so shorten it",
                reason(guard(), SampleRequests.text("a".repeat(101))));
        assertEquals("the conversation has 4 messages; at most 3 are accepted here, so begin a new one", reason(guard(),
                SampleRequests.of(new GenerateRequest.Chat(Collections.nCopies(4, new Message(Message.Role.USER, "x")), Map.of()))));
    }

    @Test
    void whatATemplateMayPrintCountsToo() {
        GenerateRequest.Chat chat = new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "x")),
                Map.of("tools", List.of(Map.of("name", "open the blue door"))));
        assertTrue(reason(guard(), SampleRequests.of(chat)).contains("not talked about"));
    }

    @Test
    void tokenIdsAreRefusedOnlyWherePhrasesAreDenied() {
        GenerateRequest ids = SampleRequests.of(new GenerateRequest.Tokens(List.of(1, 2)));
        assertTrue(reason(guard(), ids).contains("send text"));
        assertEquals(Verdict.PASS, rules(3, 100).judge(ids));
        assertEquals(Optional.empty(), rules(3, 100).watch(ids));
    }
}
