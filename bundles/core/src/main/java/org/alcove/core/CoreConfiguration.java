package org.alcove.core;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.core}. Every change takes effect at the next request. */
@ObjectClassDefinition(name = "Alcove core", description = "How requests come to workers, and when a worker counts as dead.")
@interface CoreConfiguration {

    /** Which policy chooses. */
    @AttributeDefinition(name = "Policy", description = "Name of the scheduling policy that chooses a worker.")
    String policy() default Settings.DEFAULT_POLICY;

    /** Exceptions by model. */
    @AttributeDefinition(name = "Policy per model", required = false,
            description = "Models with a policy of their own, each as model=policy.")
    String[] policy__per__model() default {};

    /** How often workers are asked how they stand. */
    @AttributeDefinition(name = "Seconds between heartbeats", min = "1")
    int heartbeat__seconds() default Settings.DEFAULT_HEARTBEAT_SECONDS;

    /** When a worker gets no more requests. */
    @AttributeDefinition(name = "Seconds until a worker is late",
            description = "A worker that has not beaten for longer gets no requests.", min = "1")
    int late__after__seconds() default Settings.DEFAULT_LATE_SECONDS;

    /** When a worker counts as dead. */
    @AttributeDefinition(name = "Seconds until a worker is gone",
            description = "A worker that has not beaten for longer counts as dead, until it beats again.", min = "2")
    int gone__after__seconds() default Settings.DEFAULT_GONE_SECONDS;

    /** Length of the history of choices. */
    @AttributeDefinition(name = "Dispatches remembered", min = "0",
            description = "How many choices are kept for people to look at.")
    int dispatch__history() default Settings.DEFAULT_HISTORY;
}
