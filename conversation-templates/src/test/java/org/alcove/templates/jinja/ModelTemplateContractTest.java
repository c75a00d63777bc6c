package org.alcove.templates.jinja;

import static org.alcove.testkit.conversation.SampleConversation.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.testkit.conversation.SampleConversation;
import org.alcove.testkit.conversation.TemplateContract;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of every template, kept whatever the model's own template is. */
@ParameterizedClass
@ValueSource(strings = {"llama-2-7b-chat", "qwen3-0.6b", "deepseek-r1-distill-qwen-32b", "made-to-glue"})
class ModelTemplateContractTest extends TemplateContract {

    /** Puts messages against control text and one another, cuts, turns and joins them: where a token could be assembled. */
    private static final String GLUE = "{% for m in messages if m.content|length < 2000 %}<{{ m.content }}>"
            + "{{ m.content }}{{ m.content[1:] }}"
            + "{{ m.content[:-1] }}"
            + "{{ m.content|upper }}{{ m.content|lower }}{{ m.content|title }}{{ m.content|replace('|', '|') }}"
            + "{{ m.content.split('_')|join('_') }}{{ m.content|tojson }}{{ [m.content]|string }}{{ {m.content: m.content} }}"
            + "<|{{ m.content.strip('<|>') }}|>{{ m.content[::-1] }}"
            + "<{{ m.content|first }}{{ m.content|last }}>{{ m.content|list|join('|') }}{{ m.content|reverse }}"
            + "{{ m.content.splitlines(true)|join }}{{ m.content|capitalize }}{{ m.content.title() }}"
            + "{% macro quote(text, none_=none) %}<{{ text }}>{% endmacro %}{{ quote(m.content) }}{% endfor %}"
            + "{{ messages|map(attribute='content')|join }}</s>";

    private final JinjaTemplate template = new JinjaTemplate();

    @Parameter
    String model;

    @Override
    protected ConversationTemplate template() {
        return template;
    }

    @Override
    protected SampleConversation setting() {
        List<String> tokens = List.of("<s>", "</s>", "<|im_end|>", "[INST]", "<</SYS>>", "</think>", "<｜User｜>");
        return SampleConversation.of(user("x")).withTokens("<s>", "</s>", tokens).withModelTemplate(source());
    }

    private String source() {
        try {
            return model.equals("made-to-glue") ? GLUE : Files.readString(ModelTemplatesTest.FOLDER.resolve(model + ".jinja"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
