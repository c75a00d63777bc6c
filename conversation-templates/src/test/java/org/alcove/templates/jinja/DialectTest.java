package org.alcove.templates.jinja;

import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.ControlTokens;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Small templates against what Jinja2 makes of them, white space and all; {@code expected.py} writes the expectations. */
class DialectTest {

    private final JinjaTemplate template = new JinjaTemplate();

    @TestFactory
    List<DynamicTest> aSnippetIsRenderedAsByJinja() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode root = json.readTree(ModelTemplatesTest.FOLDER.resolve("snippets.json").toFile());
        Map<String, Object> given = json.convertValue(root.path("given"), new TypeReference<Map<String, Object>>() { });
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode snippet : root.path("snippets")) {
            String source = snippet.path("source").asText();
            SampleConversation talk = SampleConversation.of(user("")).withModelTemplate(source).withArguments(given)
                    .withTokens("<s>", "</s>", ControlTokens.COMMON);
            tests.add(DynamicTest.dynamicTest(source.replaceAll("\\s+", " "), () -> {
                if (snippet.path("text").isNull()) {
                    TemplateException e = assertThrows(TemplateException.class, () -> template.render(talk));
                    assertEquals(TemplateException.Cause.TEMPLATE, e.fault());
                } else {
                    assertEquals(snippet.path("text").asText(), template.render(talk).text());
                }
            }));
        }
        return tests;
    }
}
