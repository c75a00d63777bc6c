package org.alcove.worker;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.TemplateException;
import org.alcove.api.conversation.TemplateName;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;

/**
 * Turns a conversation into a prompt by the model's template: the one configured, else the model's own, else, for base models
 * whose files carry none, {@value #PLAIN}, which puts the messages one after the other as they are. Which one is used, and why,
 * is said in {@link #choice()}.
 */
final class PromptWriter {

    /** Template of models that carry none. */
    static final String PLAIN = "raw";

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final TemplateRegistry templates;
    private final Tokenizer tokenizer;
    private final OptionalInt end;
    private final Optional<String> own;
    private final String name;
    private final String reason;

    PromptWriter(TemplateRegistry templates, ModelFile file, Tokenizer tokenizer, String configured) {
        this.templates = templates;
        this.tokenizer = tokenizer;
        this.end = file.integer("tokenizer.ggml.eos_token_id");
        this.own = file.text("tokenizer.chat_template").filter(source -> !source.isBlank());
        if (!configured.isEmpty()) {
            name = configured;
            reason = "configured";
        } else if (own.isPresent()) {
            name = TemplateName.MODEL_OWN;
            reason = "the model carries its own";
        } else {
            name = PLAIN;
            reason = "the model carries none and none is configured";
        }
    }

    /** Name of the template and why it was chosen. */
    String choice() {
        return name + " (" + reason + ")";
    }

    /** Whether the choice is one that people should look at: a model for chats would carry a template. */
    boolean isFallback() {
        return name.equals(PLAIN) && own.isEmpty();
    }

    /** Why conversations cannot be rendered now, if so. */
    Optional<String> obstacle() {
        return templates.named(name).isPresent() ? Optional.empty() : Optional.of("no conversation template named '" + name
                + "' is installed (" + reason + "); installed are " + String.join(", ", templates.names()));
    }

    /**
     * Renders a conversation.
     *
     * @throws RequestException if it does not fit the format, or the template is missing or at fault
     */
    Prompt write(GenerateRequest.Chat chat) {
        TemplateRegistry.InstalledTemplate installed = templates.named(name)
                .orElseThrow(() -> new RequestException(new Failure.Unavailable(RETRY, obstacle().orElse("try again"))));
        Conversation conversation = new ModelConversation(chat.messages(), true, own, tokenizer.controlTokens(),
                spelling(tokenizer.beginId()), spelling(end), chat.templateArguments(), LocalDateTime.now());
        try {
            return installed.template().render(conversation);
        } catch (TemplateException e) {
            throw new RequestException(switch (e.fault()) {
                case CONVERSATION -> new Failure.Invalid("messages", e.getMessage());
                case TEMPLATE -> new Failure.Internal("conversation template '" + name + "' is at fault: " + e.getMessage());
            }, e);
        } catch (RuntimeException | LinkageError e) {
            throw new RequestException(new Failure.Internal("conversation template '" + name + "' of bundle " + installed.bundle()
                    + " failed: " + e.getClass().getName()), e);
        }
    }

    private String spelling(OptionalInt id) {
        return id.isPresent() && id.getAsInt() >= 0 && id.getAsInt() < tokenizer.size() ? tokenizer.spelling(id.getAsInt()) : "";
    }
}
