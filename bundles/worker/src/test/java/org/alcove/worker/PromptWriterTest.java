package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.conversation.TemplateException;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class PromptWriterTest {

    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    private final TemplateRegistry templates = new TemplateRegistry();

    private static ConversationTemplate saying(String text) {
        return conversation -> new Prompt(List.of(PromptPiece.control(text)), List.of(), Set.of());
    }

    private PromptWriter writer(FakeModelFile file, String configured) {
        return new PromptWriter(templates, file, new FakeTokenizer(), new PromptWriter.Configured(configured, "", Duration.ZERO));
    }

    private static String written(PromptWriter writer) {
        return writer.write(Bench.chat("x"), NOW).text();
    }

    private static <T extends Failure> T refusal(Class<T> kind, PromptWriter writer) {
        return assertInstanceOf(kind, assertThrows(RequestException.class, () -> written(writer)).failure());
    }

    @Test
    void theConfiguredTemplateWins() {
        templates.add("chatml", saying("chatml"), new Origin(1, 0, "b"));
        templates.add("jinja", saying("own"), new Origin(2, 0, "b"));
        assertEquals("chatml", written(writer(FakeModelFile.WITH_TEMPLATE, "chatml")));
        assertEquals("chatml (configured)", writer(FakeModelFile.WITH_TEMPLATE, " chatml ").choice());
    }

    @Test
    void elseTheModelsOwnIsUsed() {
        templates.add("jinja", saying("own"), new Origin(2, 0, "b"));
        PromptWriter writer = writer(FakeModelFile.WITH_TEMPLATE, "");
        assertEquals("own", written(writer));
        assertEquals("jinja (the model's own)", writer.choice());
        assertEquals(Optional.empty(), writer.obstacle());
    }

    @Test
    void aModelWithoutAnyIsNotGuessedFor() {
        templates.add("zero_shot", saying("a guess"), new Origin(1, 0, "b"));
        templates.add("jinja", saying("a guess"), new Origin(2, 0, "b"));
        PromptWriter writer = writer(FakeModelFile.BARE, "");
        String message = refusal(Failure.Unavailable.class, writer).message();
        assertTrue(message.contains("carries no conversation template") && message.contains("--template")
                && message.contains("jinja, zero_shot"), message);
        assertEquals(Optional.empty(), writer.obstacle(), "it continues plain texts");
        assertEquals("none (the model's file carries none and none is configured)", writer.choice());
    }

    @Test
    void theOneConfiguredForModelsWithoutAnyIsUsedForThoseAlone() {
        templates.add("raw", saying("raw"), new Origin(1, 0, "b"));
        templates.add("jinja", saying("own"), new Origin(2, 0, "b"));
        PromptWriter.Configured configured = new PromptWriter.Configured("", "raw", Duration.ZERO);
        PromptWriter bare = new PromptWriter(templates, FakeModelFile.BARE, new FakeTokenizer(), configured);
        assertEquals("raw", written(bare));
        assertEquals("raw (the model's file carries none, and this is configured for such models)", bare.choice());
        assertEquals("own", written(new PromptWriter(templates, FakeModelFile.WITH_TEMPLATE, new FakeTokenizer(), configured)));
    }

    @Test
    void aWantedTemplateThatIsNotThereIsNamedAndComesAndGoesAtRunTime() {
        PromptWriter writer = writer(FakeModelFile.BARE, "mine");
        assertTrue(refusal(Failure.Unavailable.class, writer).message().contains("mine (configured) is not installed"));
        assertTrue(writer.obstacle().orElseThrow().endsWith("installed: none"));
        assertEquals("mine (configured; not installed)", writer.choice());
        templates.add("mine", saying("one"), new Origin(1, 0, "b"));
        assertEquals("one", written(writer));
        templates.add("mine", saying("better"), new Origin(2, 5, "b"));
        assertEquals("better", written(writer));
        templates.remove(2);
        assertEquals("one", written(writer));
    }

    @Test
    void theTemplateIsShownTheConversationAndTheModel() {
        AtomicReference<Conversation> seen = new AtomicReference<>();
        templates.add("jinja", conversation -> {
            seen.set(conversation);
            return new Prompt(List.of(), List.of(), Set.of());
        }, new Origin(1, 0, "b"));
        written(writer(FakeModelFile.WITH_TEMPLATE, ""));
        Conversation conversation = seen.get();
        assertEquals("x", conversation.messages().getFirst().content());
        assertEquals(List.of("<s>", "</s>", "<|im_end|>"), conversation.controlTokens());
        assertEquals("<s>", conversation.beginToken());
        assertEquals("</s>", conversation.endToken());
        assertEquals(Optional.of("{{ source }}"), conversation.modelTemplate());
        assertEquals(NOW, conversation.now());
        assertTrue(conversation.openAssistantTurn());
    }

    @Test
    void aConversationThatDoesNotFitIsTheCallersFault() {
        templates.add("t", conversation -> {
            throw new TemplateException(TemplateException.Cause.CONVERSATION, "two user turns");
        }, new Origin(1, 0, "b"));
        Failure.Invalid failure = refusal(Failure.Invalid.class, writer(FakeModelFile.BARE, "t"));
        assertEquals("messages", failure.field());
        assertEquals("two user turns", failure.message());
    }

    @Test
    void aTemplateAtFaultIsBlamedByItsBundle() {
        List<ConversationTemplate> bad = List.of(conversation -> {
            throw new TemplateException(TemplateException.Cause.TEMPLATE, "too deep");
        }, conversation -> {
            throw new IllegalStateException("secret");
        }, conversation -> {
            throw new NoClassDefFoundError("secret");
        }, conversation -> {
            throw new StackOverflowError();
        }, conversation -> null);
        for (ConversationTemplate template : bad) {
            templates.add("t", template, new Origin(1, 0, "org.example 1.2.3"));
            String message = refusal(Failure.Internal.class, writer(FakeModelFile.BARE, "t")).message();
            assertTrue(message.contains("org.example 1.2.3") && !message.contains("secret"), message);
            templates.remove(1);
        }
    }
}
