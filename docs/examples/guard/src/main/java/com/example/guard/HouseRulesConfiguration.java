package com.example.guard;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What the house accepts. A change takes effect at the next request. */
@ObjectClassDefinition(name = "House rules", description = "Bounds of requests, and phrases that are not talked about.")
@interface HouseRulesConfiguration {

    /** Length of a conversation. */
    @AttributeDefinition(name = "Most messages", description = "Of one conversation.", min = "1")
    int most__messages() default 500;

    /** Length of a message. */
    @AttributeDefinition(name = "Characters of the longest message", min = "1")
    int longest__message__characters() default 1_000_000;

    /** What is not talked about. */
    @AttributeDefinition(name = "Denied phrases", required = false,
            description = "Requests in which one stands are refused, answers end in front of it. Case does not matter.")
    String[] denied() default {};
}
