package org.alcove.cluster.node;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.cluster.worker}. Without one this process is no worker of a cluster. */
@ObjectClassDefinition(name = "Alcove cluster: worker",
        description = "Makes the models of this process reachable for a controller and for API processes.")
@interface NodeConfiguration {

    /** Who is to know this process. */
    @AttributeDefinition(name = "Controller", description = "Address of the controller, for example http://10.0.0.1:21001")
    String controller();

    /** Where this process is reached. */
    @AttributeDefinition(name = "Own address",
            description = "Address under which the controller and API processes reach this process")
    String address();

    /** The secret of the cluster. */
    @AttributeDefinition(name = "Secret file", description = "File with the secret that all processes of the cluster share;"
            + " empty for none")
    String secret__file() default "";

    /** The authority of the cluster. */
    @AttributeDefinition(name = "Authority", description = "PKCS#12 file with the certificate of the authority that signs those"
            + " of all processes; empty for none")
    String ca__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Password of the authority's file", type = AttributeType.PASSWORD)
    String ca__password() default "";

    /** The own certificate. */
    @AttributeDefinition(name = "Own certificate", description = "PKCS#12 file with certificate and key; empty for none")
    String keystore__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Password of the own certificate's file", type = AttributeType.PASSWORD)
    String keystore__password() default "";

    /** FastChat's peers. */
    @AttributeDefinition(name = "Trusted FastChat addresses", description = "Ranges like 10.0.0.0/8, with commas between them,"
            + " from where FastChat's processes may speak without authentication; empty for none")
    String trust__fastchat() default "";

    /** Whether others reach this process. */
    @AttributeDefinition(name = "Reachable", description = "Whether other machines reach this process")
    boolean reachable() default false;

    /** Whether something else encrypts. */
    @AttributeDefinition(name = "Behind a TLS proxy", description = "Whether a proxy or service mesh encrypts what goes out, so"
            + " that the secret may be sent over plain HTTP")
    boolean behind__tls__proxy() default false;

    /** From beat to beat. */
    @AttributeDefinition(name = "Seconds between heartbeats", min = "1",
            description = "How often a FastChat controller is told; one of ours says itself how often it wants to be")
    int heartbeat__seconds() default 5;

    /** The limit of answers between processes. */
    @AttributeDefinition(name = "Seconds for an answer", min = "1", description = "How long the controller may take to answer")
    int answer__seconds() default 5;

    /** How long running answers may go on. */
    @AttributeDefinition(name = "Seconds to drain", min = "0", description = "How long answers may go on when this process stops;"
            + " then other workers go on with them")
    int drain__seconds() default 20;

    /** Limit of messages. */
    @AttributeDefinition(name = "Most bytes of a message", min = "1024")
    int max__control__bytes() default 64 * 1024;

    /** Limit of requests. */
    @AttributeDefinition(name = "Most bytes of a request", min = "1024")
    int max__generate__bytes() default 8 * 1024 * 1024;

    /** Limit of slowness. */
    @AttributeDefinition(name = "Seconds for a body", min = "1", description = "A body that takes longer is refused with 408")
    int body__seconds() default 30;
}
