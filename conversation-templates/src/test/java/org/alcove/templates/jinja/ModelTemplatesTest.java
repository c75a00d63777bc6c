package org.alcove.templates.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.ControlTokens;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real models' templates against what Jinja2 makes of them; {@code expected.py} beside them writes the expectations. */
class ModelTemplatesTest {

    static final Path FOLDER = Path.of("src/test/resources/jinja");

    private final JinjaTemplate template = new JinjaTemplate();

    @TestFactory
    List<DynamicTest> aModelsTemplateGivesTheGoldenPrompt() throws IOException {
        JsonNode root = new ObjectMapper().readTree(FOLDER.resolve("expected.json").toFile());
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, JsonNode> model : root.path("templates").properties()) {
            String source = Files.readString(FOLDER.resolve(model.getKey() + ".jinja"));
            for (Map.Entry<String, JsonNode> talk : root.path("talks").properties()) {
                SampleConversation conversation = conversation(talk.getValue()).withModelTemplate(source)
                        .withTokens(model.getValue().path("begin").asText(), model.getValue().path("end").asText(),
                                ControlTokens.COMMON);
                JsonNode expected = model.getValue().path("prompts").path(talk.getKey());
                int leftOut = model.getValue().path("left out").path(talk.getKey()).asInt();
                tests.add(DynamicTest.dynamicTest(model.getKey() + ", " + talk.getKey(),
                        () -> check(conversation, expected, leftOut)));
            }
        }
        return tests;
    }

    /** Some makers' templates drop what they have no place for; that is refused. */
    private void check(SampleConversation conversation, JsonNode expected, int leftOut) {
        if (expected.isNull()) {
            assertThrows(TemplateException.class, () -> template.render(conversation));
        } else if (leftOut > 0) {
            TemplateException e = assertThrows(TemplateException.class, () -> template.render(conversation));
            assertTrue(e.getMessage().contains("leaves out message " + leftOut + ","), e.getMessage());
        } else {
            assertEquals(expected.asText(), template.render(conversation).text());
        }
    }

    private static SampleConversation conversation(JsonNode talk) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : talk.path("messages")) {
            messages.add(new Message(Message.Role.valueOf(message.path("role").asText().toUpperCase(Locale.ROOT)),
                    message.path("content").asText()));
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (String name : List.of("tools", "enable_thinking")) {
            if (talk.has(name)) {
                arguments.put(name, new ObjectMapper().convertValue(talk.get(name), Object.class));
            }
        }
        SampleConversation conversation = SampleConversation.of(messages.toArray(Message[]::new)).withArguments(arguments);
        return talk.path("add_generation_prompt").asBoolean(true) ? conversation : conversation.closed();
    }
}
