package org.alcove.core.guard;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.core.guards}. Every change takes effect at the next request. */
@ObjectClassDefinition(name = "Alcove guards", description = "Which guards requests must pass, and how long one may take.")
@interface GuardConfiguration {

    /** The time bound. */
    @AttributeDefinition(name = "Milliseconds a guard may take", min = "1",
            description = "For one request, or for one piece of an answer. A guard that takes longer has said no.")
    int longest__call__millis() default Rules.DEFAULT_CALL_MILLIS;

    /** Those that must be there. */
    @AttributeDefinition(name = "Required guards", required = false,
            description = "Names of guards without which no request is served: not before they are installed, nor after they are"
                    + " removed.")
    String[] required() default {};
}
