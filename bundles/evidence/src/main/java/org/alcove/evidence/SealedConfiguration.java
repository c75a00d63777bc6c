package org.alcove.evidence;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The door for clients that verify first. */
@ObjectClassDefinition(id = "org.alcove.sealed", name = "Sealed requests", description = "The door for clients that verify first")
@interface SealedConfiguration {

    /** Who may ask. */
    @AttributeDefinition(description = "File of API keys, as for the OpenAI API; empty to ask for none")
    String api__keys__file() default "";

    /** Whether a key is needed in any case. */
    @AttributeDefinition(description = "Whether a key is asked for also where there is no file of keys and none was made here")
    boolean key__required() default false;

    /** What the server listens on. */
    @AttributeDefinition(description = "Name or address the server is bound to. Where no key is asked for, it answers to this"
            + " name, to localhost and to addresses only")
    String own__host() default "";

    /** Whether a proxy passes requests on. */
    @AttributeDefinition(description = "Whether a proxy in front of the server terminates TLS and passes on by which name it was"
            + " asked: then any name is answered to")
    boolean behind__tls__proxy() default false;

    /** Most bytes of a request. */
    @AttributeDefinition(min = "1024", description = "Most bytes of a sealed request")
    int max__body__bytes() default 64 << 20;

    /** How long a client hears nothing at most. */
    @AttributeDefinition(min = "1", description = "A client that waits longer for its answer gets a ping with its place in line,"
            + " so that nobody in between takes the connection for idle")
    int ping__seconds() default 2;

    /** How long answers may go on. */
    @AttributeDefinition(min = "0", description = "How long running answers may go on when this bundle is replaced or the process"
            + " stops, while new requests get 503; then they end with an error")
    int drain__seconds() default 20;
}
