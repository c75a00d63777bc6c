package org.alcove.connect;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which server is verified, and how. */
@ObjectClassDefinition(id = "org.alcove.connect", name = "Connection to a verified server",
        description = "Which server is verified, and how")
@interface ConnectConfiguration {

    /** Where the server answers. */
    @AttributeDefinition(description = "Where the server answers, for example https://alcove.example:8443; empty for none")
    String server() default "";

    /** Which machines are accepted. */
    @AttributeDefinition(description = "JSON file that says which machines are accepted")
    String policy__file() default "";

    /** What Intel says of platforms. */
    @AttributeDefinition(description = "Folder with what Intel says of platforms; read again at each verification")
    String collateral__folder() default "";

    /** Key to show to the server. */
    @AttributeDefinition(description = "File with the API key that the server wants; shown once the server is verified")
    String server__key__file() default "";

    /** Whether the workers stand behind another process. */
    @AttributeDefinition(description = "Whether the workers stand behind an API process or a proxy that speaks TLS for them")
    boolean relayed() default false;

    /** How often the server is verified. */
    @AttributeDefinition(min = "1", description = "Every so many seconds the server is verified anew")
    int verify__seconds() default 60;

    /** How long a verification counts. */
    @AttributeDefinition(min = "1", description = "So many seconds after a verification prompts are sent, and no longer")
    int fresh__seconds() default 180;

    /** Longest silence in an answer. */
    @AttributeDefinition(min = "1", description = "An answer that is silent for so many seconds counts as lost")
    int stall__seconds() default 300;
}
