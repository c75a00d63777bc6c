package org.alcove.chat;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID {@code org.alcove.chat}, and what it needs to know of that of the API. */
@ObjectClassDefinition(name = "Alcove chat", description = "Conversations that readers choose to keep on the server")
@interface ConversationsConfiguration {

    /** Where they lie. */
    @AttributeDefinition(name = "Data folder", description = "Folder of the server's own files; conversations lie in"
            + " conversations.")
    String data__folder();

    /** Most bytes of all conversations of all readers. */
    @AttributeDefinition(name = "Most megabytes", description = "Megabytes that kept conversations may take on the disk, all"
            + " readers together; 0: the server keeps none.", min = "0")
    int conversations__megabytes() default 1024;

    /** The API's: where its keys are. */
    @AttributeDefinition(name = "API keys file", description = "As in the configuration of the API.")
    String api__keys__file() default "";

    /** The API's: whether a key is needed in any case. */
    @AttributeDefinition(name = "Key required", description = "As in the configuration of the API.")
    boolean key__required() default false;

    /** The API's: pages of whose origins may call. */
    @AttributeDefinition(name = "CORS origins", description = "As in the configuration of the API.")
    String[] cors__origins() default {};

    /** The API's: the name the server is bound to. */
    @AttributeDefinition(name = "Own host", description = "As in the configuration of the API.")
    String own__host() default "";

    /** The API's: whether a proxy terminates TLS. */
    @AttributeDefinition(name = "Behind a TLS proxy", description = "As in the configuration of the API.")
    boolean behind__tls__proxy() default false;
}
