package org.alcove.api.scheduling;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Announces the name of a {@link SchedulingPolicy} component, as the service property {@value #PROPERTY}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PolicyName {

    /** Prefix of the property made from this annotation. */
    String PREFIX_ = "alcove.";

    /** Service property: the name (String). */
    String PROPERTY = "alcove.policy.name";

    /** The name by which configuration chooses the policy, for example {@code lottery}. */
    String value();
}
