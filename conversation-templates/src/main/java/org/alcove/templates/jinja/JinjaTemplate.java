package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
    /**
     * What messages are exchanged for to see whether they have a place: looks the same in capitals, JSON and the like. Templates
     * cut texts short, or ask for some length: one of the two will do for them.
     */
    private static final List<String> ANY_TEXTS = List.of("1", "1".repeat(40));
    private static final Set<String> RESERVED = Set.of("messages", "add_generation_prompt", "bos_token", "eos_token", "loop");

    private final Map<String, Engine.Compiled> compiled = new LinkedHashMap<>(CACHED_TEMPLATES, 0.75f, true);
    private Engine engine;

    /** A prompt that still holds its stand-ins. */
    private record Rendering(String text, Mask mask) {

        List<Integer> missing() {
            return mask.missing(text);
        }
    }

    @Override
    public Prompt render(Conversation conversation) {
        String source = conversation.modelTemplate().orElseThrow(() -> new TemplateException(TemplateException.Cause.TEMPLATE,
                "the model's file carries no template of its own; choose a named template for this model"));
        Engine.Compiled template = compiled(source);
        Rendering rendering = rendering(template, conversation, conversation.messages());
        checkComplete(template, conversation, rendering.missing());
        return new Prompt(rendering.mask().pieces(rendering.text()), List.of(), Set.of());
    }

    private Rendering rendering(Engine.Compiled template, Conversation conversation, List<Message> messages) {
        List<String> said = messages.stream().map(Message::content).toList();
        List<String> given = new ArrayList<>();
        collect(conversation.arguments(), given, 0);
        List<String> spellings = new ArrayList<>(conversation.controlTokens());
        spellings.add(conversation.beginToken());
        spellings.add(conversation.endToken());
        Mask mask = Mask.of(spellings, template.source(), said, given);
        long chars = Stream.of(said, given).flatMap(List::stream).mapToLong(String::length).sum()
                + (long) CHARS_PER_MESSAGE * messages.size();
        return new Rendering(engine().render(template, mask, variables(conversation, messages, mask), conversation.now(), chars),
                mask);
    }

    /**
     * Some templates pass over messages they have no place for. What was said must not get lost in silence. A message may be
     * missing for what it says, though: templates cut former trains of thought off, and take some words for switches. Hence the
     * missing ones are exchanged for another text, and only those are left out that are missing again.
     */
    private void checkComplete(Engine.Compiled template, Conversation conversation, List<Integer> missing) {
        List<Integer> left = missing;
        for (String text : ANY_TEXTS) {
            left = missingAs(template, conversation, left, text);
        }
        left.stream().findFirst().ifPresent(i -> {
            throw new TemplateException(TemplateException.Cause.CONVERSATION, "the model's template leaves out message " + (i + 1)
                    + ", of role " + conversation.messages().get(i).role().word()
                    + "; put its text into a user message, or choose a named template for this model");
        });
    }

    /** Those of some messages that are missing also with this text. */
    private List<Integer> missingAs(Engine.Compiled template, Conversation conversation, List<Integer> some, String text) {
        if (some.isEmpty()) {
            return some;
        }
        List<Message> others = new ArrayList<>(conversation.messages());
        some.forEach(i -> others.set(i, new Message(others.get(i).role(), text)));
        try {
            return rendering(template, conversation, others).missing().stream().filter(some::contains).toList();
        } catch (TemplateException e) {
            // The template stumbles over the other text: it looks into what was said there.
            return List.of();
        }
    }

    private static Map<String, Object> variables(Conversation conversation, List<Message> messages, Mask mask) {
        Map<String, Object> variables = new LinkedHashMap<>();
        conversation.arguments().forEach((name, value) -> {
            if (RESERVED.contains(name) || !name.matches("[\\p{Alpha}]\\w{0,99}")) {
                throw new TemplateException(TemplateException.Cause.CONVERSATION,
                        "the template argument '" + Run.shown(name) + "' has a name that is reserved or no name; choose another");
            }
            variables.put(name, Values.given(mask, value));
        });
        List<Object> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<Object, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role().word());
            turn.put("content", mask.cover(turns.size(), message.content()));
            turns.add(turn);
        }
        variables.put("messages", turns);
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
