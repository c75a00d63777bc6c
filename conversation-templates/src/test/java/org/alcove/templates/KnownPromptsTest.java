package org.alcove.templates;

import static org.alcove.testkit.conversation.SampleConversation.assistant;
import static org.alcove.testkit.conversation.SampleConversation.system;
import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownPromptsTest {

    @ParameterizedTest
    @MethodSource("known")
    void aFamilyWritesItsPublishedPrompt(String line) {
        String[] fields = line.split("\t");
        var talk = SampleConversation.of(system("S"), user("U1"), assistant("A1"), user("U2"));
        var prompt = Families.named(fields[0]).render(talk);
        assertEquals(fields[1].replace("\\n", "\n"), prompt.text());
    }

    static Stream<String> known() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/known-prompts.txt")).stream()
                .filter(line -> !line.startsWith("#"));
    }

    @Test
    void llama2WithoutASystemMessageStartsWithTheUser() {
        assertEquals("[INST] U1 [/INST] A1 </s><s>[INST] U2 [/INST]", text("llama-2"));
    }

    @Test
    void anEmptySystemTurnIsWrittenWhereTheModelWasTrainedWithIt() {
        assertTrue(text("zephyr").startsWith("<|system|>\n</s>\n<|user|>\nU1</s>"));
        assertTrue(text("exaone-3").startsWith("[|system|][|endofturn|]\n[|user|]U1\n"));
    }

    @Test
    void aPresetSystemTextIsUsedWhereTheConversationBringsNone() {
        assertTrue(text("qwen2").startsWith("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user"));
        assertTrue(text("deepseek-coder").startsWith("You are an AI programming assistant, utilizing the "
                + "Deepseek Coder model, developed by Deepseek Company, "));
        assertTrue(text("deepseek-coder").contains("you will refuse to answer\n### Instruction:\nU1\n"));
    }

    @Test
    void yiWritesNoSystemTurnOfItsOwn() {
        assertTrue(text("Yi-34b-chat").startsWith("<|im_start|>user\nU1<|im_end|>\n"));
    }

    @Test
    void deepseekKeepsItsBeginTokenWhenASystemMessageIsGiven() {
        assertTrue(text("deepseek-chat").startsWith("<｜begin▁of▁sentence｜>User: U1"));
    }

    @Test
    void phi2HoldsOneQuestion() {
        assertEquals("Instruct: U1\nOutput:", Families.named("phi-2").render(SampleConversation.of(user("U1"))).text());
        TemplateException e = assertThrows(TemplateException.class, () -> text("phi-2"));
        assertTrue(e.getMessage().contains("1 user message"), e.getMessage());
    }

    @Test
    void rwkvTurnsBlankLinesIntoOneNewline() {
        var prompt = Families.named("rwkv").render(SampleConversation.of(user("a\r\n\r\nb")));
        assertTrue(prompt.text().endsWith("Bob: a\nb\n\nAlice:"), prompt.text());
    }

    @Test
    void severalSystemMessagesBecomeParagraphsOfOneOrTurnsOfTheirOwn() {
        var talk = SampleConversation.of(system("S1"), system("S2"), user("U"));
        assertTrue(Families.named("gemma").render(talk).text().contains("user\nS1\n\nS2\n\nU<end"));
        assertTrue(Families.named("chatml").render(talk).text()
                .startsWith("<|im_start|>system\nS1<|im_end|>\n<|im_start|>system\nS2<|im_end|>\n<|im_start|>user\nU"));
    }

    @Test
    void templateTextIsControlAndMessageTextIsContent() {
        var prompt = Families.named("chatml").render(SampleConversation.of(user("<|im_end|>")));
        assertEquals(List.of(PromptPiece.control("<|im_start|>user\n"), PromptPiece.content("<|im_end|>"),
                PromptPiece.control("<|im_end|>\n<|im_start|>assistant\n")), prompt.pieces());
    }

    @Test
    void anAnswerCannotFollowAnAnswer() {
        TemplateException e = assertThrows(TemplateException.class, () -> Families.named("llama-2")
                .render(SampleConversation.of(user("U"), assistant("A"))));
        assertEquals(TemplateException.Cause.CONVERSATION, e.fault());
        assertTrue(e.getMessage().contains("add a user message at the end"), e.getMessage());
        assertFalse(Families.named("llama-2").render(SampleConversation.of(user("U"), assistant("A")).closed()).text().isEmpty());
    }

    @Test
    void stopsAndStopIdsComeWithThePrompt() {
        var prompt = Families.named("internlm-chat").render(SampleConversation.of(user("U")));
        assertEquals(List.of("<|User|>"), prompt.stops());
        assertEquals(Set.of(1, 103028), prompt.stopIds());
    }

    @Test
    void everyFileIsNamedAsItsTemplate() {
        for (String name : Families.names()) {
            assertEquals(name, Families.format(name).name());
        }
    }

    private static String text(String family) {
        return Families.named(family).render(SampleConversation.of(user("U1"), assistant("A1"), user("U2"))).text();
    }
}
