package org.alcove.worker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.worker.models}: how the models of this process share its memory. */
@ObjectClassDefinition(name = "Alcove models", description = "How models share memory, and when they are loaded and unloaded")
@interface ModelsConfiguration {

    /** Memory of all models. */
    @AttributeDefinition(name = "Memory budget in bytes", min = "0",
            description = "Memory that models may take together; 0 for a share of all memory")
    long memory__budget__bytes() default 0;

    /** Share of all memory. */
    @AttributeDefinition(name = "Memory budget in percent", min = "1", description = "Where no bytes are given: the share of the"
            + " machine's memory, or of its container's, that models may take")
    int memory__budget__percent() default 90;

    /** Whether requests load models. */
    @AttributeDefinition(name = "Load on demand", description = "Whether a request for a model that is not loaded loads it,"
            + " and unloads others that are idle where there is no room")
    boolean load__on__demand() default true;

    /** How long a request waits. */
    @AttributeDefinition(name = "Seconds a request waits for its model", min = "0", description = "A request whose model is not"
            + " loaded by then is answered with 503 and Retry-After; loading goes on")
    int load__wait__seconds() default 60;

    /** How long an idle model stays. */
    @AttributeDefinition(name = "Seconds an idle model stays loaded", min = "-1", description = "A model that nobody asks for is"
            + " unloaded after that many seconds; -1 for never. What is said about a single model comes before it")
    long keep__alive__seconds() default -1;
}
