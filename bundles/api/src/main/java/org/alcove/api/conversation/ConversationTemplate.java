package org.alcove.api.conversation;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns messages into the prompt format of a model family. A pure function: no state, no clock, no input or output of its own.
 * Published as a service with the property {@link TemplateName}.
 */
@ConsumerType
public interface ConversationTemplate {

    /**
     * Renders a conversation.
     *
     * @throws TemplateException if the conversation does not fit the format, or the template is at fault or exceeds its bounds
     */
    Prompt render(Conversation conversation);
}
