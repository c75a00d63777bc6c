package org.alcove.worker;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.TemplateException;
import org.alcove.api.conversation.TemplateName;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;
import org.alcove.ranked.RankedServices.Installed;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a conversation into a prompt by the model's template: the one configured, else the model's own, else the one configured
 * for models that carry none. Where there is none of these the model takes no conversations: a guess would answer, oddly, and
 * nobody would know why. Which one is used, and why, is said in {@link #choice()} and logged once.
 */
final class PromptWriter {

    private static final Logger LOG = LoggerFactory.getLogger(PromptWriter.class);
    private static final String EOS_KEY = "tokenizer.ggml.eos_token_id";
    private static final String CONFIGURED = "configured";
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final TemplateRegistry templates;
    private final Tokenizer tokenizer;
    private final String model;
    private final OptionalInt end;
    private final Optional<String> own;
    /** Name of the template that is wanted; empty where none is. */
    private final String wanted;
    private final String reason;
    private final Duration patience;
    private final long since = System.nanoTime();
    private volatile String logged = "";

    /**
     * What is configured of templates. Their names are possibly empty.
     *
     * @param model of this model
     * @param fallback of models that carry none
     * @param patience how long conversations wait for a template that went away
     */
    record Configured(String model, String fallback, Duration patience) {

        /** Nothing. */
        static final Configured NONE = new Configured("", "", Duration.ZERO);
        /** Longer than the update of a bundle takes; shorter than other processes wait for the first word of an answer. */
        private static final Duration MOST_PATIENCE = Duration.ofSeconds(3);

        /** @param grace how long requests wait at most for what was taken away */
        static Configured of(String model, String fallback, Duration grace) {
            return new Configured(model, fallback, grace.compareTo(MOST_PATIENCE) < 0 ? grace : MOST_PATIENCE);
        }
    }

    PromptWriter(TemplateRegistry templates, ModelFile file, Tokenizer tokenizer, Configured configured) {
        this.templates = templates;
        this.tokenizer = tokenizer;
        this.model = file.name();
        this.end = file.integer(EOS_KEY);
        this.own = file.text("tokenizer.chat_template").filter(source -> !source.isBlank());
        this.patience = configured.patience();
        if (!configured.model().isBlank()) {
            wanted = configured.model().strip();
            reason = CONFIGURED;
        } else if (own.isPresent()) {
            wanted = TemplateName.MODEL_OWN;
            reason = "the model's own";
        } else if (!configured.fallback().isBlank()) {
            wanted = configured.fallback().strip();
            reason = "the model's file carries none, and this is configured for such models";
        } else {
            wanted = "";
            reason = "the model's file carries none and none is configured";
        }
    }

    /** Name of the template and why it was chosen. */
    String choice() {
        return (wanted.isEmpty() ? "none" : wanted) + " (" + reason + obstacle().map(it -> "; not installed").orElse("") + ")";
    }

    /** Why the wanted template cannot be used now, if so. A model without any is not hindered: it continues plain texts. */
    Optional<String> obstacle() {
        return wanted.isEmpty() || templates.named(wanted).isPresent() ? Optional.empty()
                : Optional.of("the conversation template " + wanted + " (" + reason + ") is not installed; installed: "
                        + templates.names());
    }

    /**
     * Waits for the wanted template where it went away a moment ago, as it does while its bundle is updated, or is not there yet
     * for a model that was just loaded.
     */
    void await() {
        try {
            if (!wanted.isEmpty() && !templates.await(wanted, since, patience)) {
                LOG.debug("Conversations with model {} wait no longer for the template {}", model, wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Renders a conversation.
     *
     * @param now the time the template may print
     * @throws RequestException if it does not fit the format, or the template is missing or at fault
     */
    Prompt write(GenerateRequest.Chat chat, LocalDateTime now) {
        Installed<ConversationTemplate> installed = installed();
        logOnce(installed);
        Conversation conversation = new ModelConversation(chat.messages(), true, own, tokenizer.controlTokens(),
                spelling(tokenizer.beginId()), spelling(end), chat.templateArguments(), now);
        try {
            Prompt prompt = installed.service().render(conversation);
            if (prompt == null) {
                throw new RequestException(new Failure.Internal(blame(installed) + " rendered nothing"));
            }
            return prompt;
        } catch (TemplateException e) {
            throw new RequestException(switch (e.fault()) {
                case CONVERSATION -> new Failure.Invalid("messages", e.getMessage());
                case TEMPLATE -> new Failure.Internal(blame(installed) + " is at fault: " + e.getMessage());
            }, e);
        } catch (RequestException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            // The type alone: what an unknown exception says may quote the conversation.
            LOG.error("{} threw {} while rendering", blame(installed), e.getClass().getName());
            throw new RequestException(new Failure.Internal(blame(installed) + " threw " + e.getClass().getName()
                    + "; replace that bundle, or configure another template"), e);
        }
    }

    private Installed<ConversationTemplate> installed() {
        if (wanted.isEmpty()) {
            throw new RequestException(new Failure.Unavailable(RETRY, "the model " + model + " carries no conversation template,"
                    + " and so continues plain texts only; to chat with it, choose a template with --template NAME or with"
                    + " template=\"NAME\" in its file in conf/; installed: " + templates.names()));
        }
        return templates.named(wanted)
                .orElseThrow(() -> new RequestException(new Failure.Unavailable(RETRY, obstacle().orElse("try again"))));
    }

    private String blame(Installed<ConversationTemplate> installed) {
        return "the conversation template " + wanted + " (" + reason + ") of bundle " + installed.origin().bundle();
    }

    private void logOnce(Installed<ConversationTemplate> installed) {
        String line = blame(installed);
        if (!line.equals(logged)) {
            logged = line;
            LOG.info("Conversations with model {} are rendered by {}", model, line);
        }
    }

    /** Says what people should look at: a model for chats would carry a template. */
    void warn() {
        if (own.isEmpty() && !reason.equals(CONFIGURED)) {
            LOG.warn("Model {} carries no conversation template; in use: {}; choose one with --template or in conf/", model,
                    choice());
        }
    }

    private String spelling(OptionalInt id) {
        return id.isPresent() && id.getAsInt() >= 0 && id.getAsInt() < tokenizer.size() ? tokenizer.spelling(id.getAsInt()) : "";
    }
}
