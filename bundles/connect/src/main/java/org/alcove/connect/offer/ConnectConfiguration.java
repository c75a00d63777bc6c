package org.alcove.connect.offer;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which servers are verified, and how. */
@ObjectClassDefinition(id = "org.alcove.connect", name = "Connection to verified servers",
        description = "Which servers are verified, and how")
@interface ConnectConfiguration {

    /** Where the servers answer. */
    @AttributeDefinition(description = "Where the server answers, for example https://alcove.example:8443, or several"
            + " addresses with spaces between them; empty for none")
    String server() default "";

    /** Which machines are accepted. */
    @AttributeDefinition(description = "JSON file that says which machines are accepted")
    String policy__file() default "";

    /** What Intel says of platforms. */
    @AttributeDefinition(description = "Folder with what Intel says of platforms; read again at each verification")
    String collateral__folder() default "";

    /** Key to show to the server. */
    @AttributeDefinition(description = "File with the API key that the servers want, or with lines of an address and its key;"
            + " shown to a server once it is verified")
    String server__key__file() default "";

    /** Whether the workers stand behind another process. */
    @AttributeDefinition(description = "Whether the workers stand behind an API process or a proxy that speaks TLS for them")
    boolean relayed() default false;

    /** How often the servers are verified. */
    @AttributeDefinition(min = "1", description = "Every so many seconds each server is verified anew")
    int verify__seconds() default 60;

    /** How long a verification counts. */
    @AttributeDefinition(min = "1", description = "So many seconds after a verification prompts are sent, and no longer")
    int fresh__seconds() default 180;

    /** Longest silence in an answer. */
    @AttributeDefinition(min = "1", description = "An answer that is silent for so many seconds counts as lost")
    int stall__seconds() default 300;
}
