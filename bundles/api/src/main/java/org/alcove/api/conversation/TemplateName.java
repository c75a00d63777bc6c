package org.alcove.api.conversation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Announces the name of a {@link ConversationTemplate} component, as the service property {@value #PROPERTY}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface TemplateName {

    /** Prefix of the property made from this annotation. */
    String PREFIX_ = "alcove.";

    /** Service property: the name (String). */
    String PROPERTY = "alcove.template.name";

    /** Name of the template that renders the model's own Jinja source ({@link Conversation#modelTemplate()}). */
    String MODEL_OWN = "jinja";

    /** The name, for example {@code chatml}. */
    String value();
}
