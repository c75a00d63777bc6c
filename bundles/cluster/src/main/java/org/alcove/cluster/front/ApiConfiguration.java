package org.alcove.cluster.front;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.cluster.api}; where there is none, this process asks no controller. */
@ObjectClassDefinition(name = "Alcove API process", description = "Where the controller is that knows the workers.")
@interface ApiConfiguration {

    /** The controller. */
    @AttributeDefinition(name = "Controller", description = "Its address, for example http://127.0.0.1:21001.")
    String controller();

    /** The shared secret. */
    @AttributeDefinition(name = "Secret", required = false, description = "File that holds the secret all processes share.")
    String secret__file() default "";

    /** Who signed the others' certificates. */
    @AttributeDefinition(name = "Authority", required = false,
            description = "PKCS#12 file with the certificate of the authority that signed those of all processes.")
    String ca__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Authority's password", required = false, type = AttributeType.PASSWORD)
    String ca__password() default "";

    /** The own certificate. */
    @AttributeDefinition(name = "Own certificate", required = false,
            description = "PKCS#12 file with the certificate and key to show to others.")
    String keystore__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Own certificate's password", required = false, type = AttributeType.PASSWORD)
    String keystore__password() default "";

    /** Whether something else encrypts. */
    @AttributeDefinition(name = "Behind a TLS proxy",
            description = "Whether the secret may go to other machines without TLS, because a proxy or service mesh adds it.")
    boolean behind__tls__proxy() default false;

    /** How often the controller is asked. */
    @AttributeDefinition(name = "Seconds between questions", min = "1",
            description = "How often the controller is asked which workers there are.")
    int poll__seconds() default FrontSettings.DEFAULT_POLL_SECONDS;

    /** When a worker counts as lost. */
    @AttributeDefinition(name = "Seconds of silence", min = "1",
            description = "A worker that says nothing for longer while it writes an answer counts as lost.")
    int stall__seconds() default FrontSettings.DEFAULT_STALL_SECONDS;

    /** When a worker that is listed no more is forgotten. */
    @AttributeDefinition(name = "Seconds until a worker is gone", min = "1",
            description = "A worker that the controller has not listed for longer is forgotten.")
    int gone__after__seconds() default FrontSettings.DEFAULT_GONE_SECONDS;

    /** Patience with connections. */
    @AttributeDefinition(name = "Seconds for a connection", min = "1")
    int connect__seconds() default FrontSettings.DEFAULT_CONNECT_SECONDS;

    /** Patience with answers. */
    @AttributeDefinition(name = "Seconds for an answer", min = "1",
            description = "How long a controller may take to answer, and a worker to take a request.")
    int answer__seconds() default FrontSettings.DEFAULT_ANSWER_SECONDS;
}
