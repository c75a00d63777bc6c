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

    /** How long an answer whose worker was lost waits for another one. */
    @AttributeDefinition(name = "Seconds to wait for another worker", min = "0",
            description = "An answer whose worker is lost goes on at another one of equal weights; where there is none, it waits"
                    + " so long for one to turn up, for example the same one, started again.")
    int resume__wait__seconds() default Settings.DEFAULT_RESUME_WAIT_SECONDS;

    /** When a worker that answers errors gets nothing for a while. */
    @AttributeDefinition(name = "Errors until a worker rests", min = "0",
            description = "A worker that answers so many errors in a row gets no requests for a while; 0 for never.")
    int rest__after__failures() default Settings.DEFAULT_REST_AFTER;

    /** The first rest. */
    @AttributeDefinition(name = "Seconds of the first rest", min = "1",
            description = "How long a worker rests first; then one request tries it. Each rest that follows is twice as long.")
    int first__rest__seconds() default Settings.DEFAULT_FIRST_REST_SECONDS;

    /** The longest rest. */
    @AttributeDefinition(name = "Seconds of the longest rest", min = "1", description = "No rest is longer.")
    int longest__rest__seconds() default Settings.DEFAULT_LONGEST_REST_SECONDS;
}
