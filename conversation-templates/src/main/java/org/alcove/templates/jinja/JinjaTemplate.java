package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.TemplateException;
import org.alcove.api.conversation.TemplateName;
import org.osgi.service.component.annotations.Component;

/**
 * Renders the model's own template as its makers do: with {@code messages}, {@code add_generation_prompt}, {@code bos_token},
 * {@code eos_token}, {@code tools} and the arguments of the request. An answer ends with the model's end tokens, so that no stop
 * is added.
 */
@Component
@TemplateName(TemplateName.MODEL_OWN)
public final class JinjaTemplate implements ConversationTemplate {

    private static final int CACHED_TEMPLATES = 16;
    /** A short message costs work too, however little it says. */
    private static final int CHARS_PER_MESSAGE = 250;
    private static final String END_OF_THOUGHT = "</think>";
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Set<String> RESERVED = Set.of("messages", "add_generation_prompt", "bos_token", "eos_token", "loop");

    private final Map<String, Engine.Compiled> compiled = new LinkedHashMap<>(CACHED_TEMPLATES, 0.75f, true);
    private Engine engine;

    @Override
    public Prompt render(Conversation conversation) {
        String source = conversation.modelTemplate().orElseThrow(() -> new TemplateException(TemplateException.Cause.TEMPLATE,
                "the model's file carries no template of its own; choose a named template for this model"));
        List<String> given = new ArrayList<>();
        conversation.messages().forEach(message -> given.add(message.content()));
        collect(conversation.arguments(), given, 0);
        List<String> spellings = new ArrayList<>(conversation.controlTokens());
        spellings.add(conversation.beginToken());
        spellings.add(conversation.endToken());
        Engine.Compiled template = compiled(source);
        Mask mask = Mask.of(spellings, template.source(), given);
        long chars = given.stream().mapToLong(String::length).sum() + (long) CHARS_PER_MESSAGE * conversation.messages().size();
        String text = engine().render(template, mask, variables(conversation, mask), conversation.now(), chars);
        Prompt prompt = new Prompt(mask.pieces(text), List.of(), Set.of());
        checkComplete(conversation.messages(), prompt.text());
        return prompt;
    }

    /**
     * Some templates pass over messages they have no place for. What was said must not get lost in silence: the longest word of
     * each message has to be in the prompt. (More cannot be asked: templates cut white space and former trains of thought off.)
     */
    private static void checkComplete(List<Message> messages, String prompt) {
        for (int i = 0; i < messages.size(); i++) {
            String said = messages.get(i).content();
            String kept = said.substring(said.lastIndexOf(END_OF_THOUGHT) < 0 ? 0
                    : said.lastIndexOf(END_OF_THOUGHT) + END_OF_THOUGHT.length());
            String word = WORD.matcher(kept).results().map(MatchResult::group)
                    .max(Comparator.comparingInt(String::length)).orElse("");
            if (!prompt.contains(word)) {
                throw new TemplateException(TemplateException.Cause.CONVERSATION, "the model's template leaves out message "
                        + (i + 1) + ", of role " + messages.get(i).role().word()
                        + "; put its text into a user message, or choose a named template for this model");
            }
        }
    }

    private static Map<String, Object> variables(Conversation conversation, Mask mask) {
        Map<String, Object> variables = new LinkedHashMap<>();
        conversation.arguments().forEach((name, value) -> {
            if (RESERVED.contains(name) || !name.matches("[\\p{Alpha}]\\w{0,99}")) {
                throw new TemplateException(TemplateException.Cause.CONVERSATION,
                        "the template argument '" + Run.shown(name) + "' has a name that is reserved or no name; choose another");
            }
            variables.put(name, Values.given(mask, value));
        });
        List<Object> messages = new ArrayList<>();
        for (Message message : conversation.messages()) {
            Map<Object, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role().word());
            turn.put("content", mask.cover(message.content()));
            messages.add(turn);
        }
        variables.put("messages", messages);
        variables.put("add_generation_prompt", conversation.openAssistantTurn());
        variables.put("bos_token", conversation.beginToken());
        variables.put("eos_token", conversation.endToken());
        variables.putIfAbsent("tools", null);
        return variables;
    }

    /** All texts in arguments; their nesting is checked on the way. */
    private static void collect(Object value, List<String> texts, int depth) {
        if (depth > 60) {
            throw new TemplateException(TemplateException.Cause.CONVERSATION,
                    "a template argument is nested more than 60 deep; make it flatter");
        }
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, item) -> {
                texts.add(String.valueOf(key));
                collect(item, texts, depth + 1);
            });
            case Collection<?> list -> list.forEach(item -> collect(item, texts, depth + 1));
            case null -> { }
            default -> texts.add(value.toString());
        }
    }

    /** Parsing is the dear part, and a worker has one template. */
    private Engine.Compiled compiled(String source) {
        synchronized (compiled) {
            Engine.Compiled known = compiled.get(source);
            if (known != null) {
                return known;
            }
        }
        Engine.Compiled made = engine().compile(source);
        synchronized (compiled) {
            compiled.put(source, made);
            if (compiled.size() > CACHED_TEMPLATES) {
                compiled.remove(compiled.keySet().iterator().next());
            }
        }
        return made;
    }

    /** Made at the first use: loading the library takes longer than starting a server without such a model should. */
    private synchronized Engine engine() {
        if (engine == null) {
            engine = new Engine();
        }
        return engine;
    }
}
