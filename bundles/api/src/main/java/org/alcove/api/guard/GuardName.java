package org.alcove.api.guard;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Announces the name of a {@link Guard} component, as the service property {@value #PROPERTY}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface GuardName {

    /** Prefix of the property made from this annotation. */
    String PREFIX_ = "alcove.";

    /** Service property: the name (String). */
    String PROPERTY = "alcove.guard.name";

    /** The name by which errors, figures and configuration know the guard. Of several of one name the best ranking is asked. */
    String value();
}
