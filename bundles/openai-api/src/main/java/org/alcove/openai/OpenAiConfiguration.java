package org.alcove.openai;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.openai}. */
@ObjectClassDefinition(name = "Alcove OpenAI API", description = "The OpenAI REST protocol under /v1.")
@interface OpenAiConfiguration {

    /** Where the keys are. */
    @AttributeDefinition(name = "API keys file", description = "File with one key per line, name:key or name:sha256:HEX,"
            + " beside the keys that are made on the page Keys. Read again when it changes. Empty: no such file.")
    String api__keys__file() default "";

    /** Whether a key is needed in any case. */
    @AttributeDefinition(name = "Key required", description = "Whether a key is asked for also where there is no file of keys"
            + " and none was made on the page Keys; then nobody is let in until one is made.")
    boolean key__required() default false;

    /** Most bytes of a request's body. */
    @AttributeDefinition(name = "Most bytes of a body", description = "Larger requests are refused with 413.", min = "1024")
    int max__body__bytes() default 8 * 1024 * 1024;

    /** Which pages may call from a browser. */
    @AttributeDefinition(name = "CORS origins", description = "Origins of pages that may call from a browser, for example"
            + " https://chat.example.org; * for all. Empty: none.")
    String[] cors__origins() default {};

    /** What the server listens on. */
    @AttributeDefinition(name = "Own host", description = "Name or address the server is bound to. Where no key is asked for,"
            + " it answers to this name, to localhost and to addresses only.")
    String own__host() default "";

    /** Whether a proxy passes requests on. */
    @AttributeDefinition(name = "Behind a TLS proxy", description = "Whether a proxy in front of the server terminates TLS and"
            + " passes on by which name it was asked: then any name is answered to.")
    boolean behind__tls__proxy() default false;

    /** How often a waiting client hears something. */
    @AttributeDefinition(name = "Seconds between pings", description = "A client that waits longer for its answer gets a"
            + " comment (streams) or white space, so that it does not time out and its going away is noticed.", min = "1")
    int ping__seconds() default 5;

    /** How long running answers may go on when the front end is stopped. */
    @AttributeDefinition(name = "Seconds to drain", description = "When this bundle is updated or the server stops, running"
            + " answers may go on this long; then they end with an error.", min = "0")
    int drain__seconds() default 20;
}
