package org.alcove.cluster.hub;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the PID {@code org.alcove.cluster.controller}. Without one this process is no controller of a cluster. */
@ObjectClassDefinition(name = "Alcove cluster: controller", description = "Knows the workers, and chooses one for each request.")
@interface HubConfiguration {

    /** The secret of the cluster. */
    @AttributeDefinition(name = "Secret file", required = false,
            description = "File with the secret that all processes of the cluster share; empty for none")
    String secret__file() default "";

    /** The authority of the cluster. */
    @AttributeDefinition(name = "Authority", required = false,
            description = "PKCS#12 file with the certificate of the authority that signs those of all processes; empty for none")
    String ca__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Password of the authority's file", required = false, type = AttributeType.PASSWORD)
    String ca__password() default "";

    /** The own certificate. */
    @AttributeDefinition(name = "Own certificate", required = false,
            description = "PKCS#12 file with certificate and key; empty for none")
    String keystore__file() default "";

    /** Its password. */
    @AttributeDefinition(name = "Password of the own certificate's file", required = false, type = AttributeType.PASSWORD)
    String keystore__password() default "";

    /** FastChat's peers. */
    @AttributeDefinition(name = "Trusted FastChat addresses", required = false, description = "Ranges like 10.0.0.0/8, with"
            + " commas between them, from where FastChat's processes may speak without authentication; empty for none")
    String trust__fastchat() default "";

    /** Whether others reach this process. */
    @AttributeDefinition(name = "Reachable", description = "Whether other machines reach this process")
    boolean reachable() default false;

    /** Whether something else encrypts. */
    @AttributeDefinition(name = "Behind a TLS proxy", description = "Whether a proxy or service mesh encrypts what goes out, so"
            + " that the secret may be sent over plain HTTP")
    boolean behind__tls__proxy() default false;

    /** From beat to beat. */
    @AttributeDefinition(name = "Seconds between heartbeats", min = "1", description = "How often workers of ours are to beat")
    int heartbeat__seconds() default 5;

    /** When an API process, or a worker that said goodbye, is gone. */
    @AttributeDefinition(name = "Seconds until gone", min = "2", description = "An API process that was not heard of for longer"
            + " is gone, and so is a worker that has taken its leave")
    int gone__after__seconds() default 60;

    /** When a worker is forgotten. */
    @AttributeDefinition(name = "Seconds until forgotten", min = "2",
            description = "A worker that was not heard of for longer is no longer shown")
    int forget__seconds() default 600;

    /** How far apart FastChat's beats are. */
    @AttributeDefinition(name = "Seconds between FastChat's heartbeats", min = "1",
            description = "A FastChat worker that is silent for longer has missed a beat")
    int fastchat__beat__seconds() default 50;

    /** When an answer that passes through here is given up. */
    @AttributeDefinition(name = "Seconds of silence", min = "1",
            description = "A worker that says nothing for longer while it writes an answer that passes through here is lost")
    int stall__seconds() default 10;

    /** How many workers there may be. */
    @AttributeDefinition(name = "Most workers", min = "1", description = "Models of all processes together")
    int max__workers() default 2000;

    /** How many API processes there may be. */
    @AttributeDefinition(name = "Most API processes", min = "1")
    int max__clients() default 200;

    /** How many requests an API process may have. */
    @AttributeDefinition(name = "Most tickets", min = "1", description = "Requests of one API process at the same time")
    int max__tickets() default 20_000;

    /** How often one address may register. */
    @AttributeDefinition(name = "Registrations per minute", min = "1", description = "From one address; more are refused")
    int registrations__per__minute() default 120;

    /** How many registering workers are looked at. */
    @AttributeDefinition(name = "Probes", min = "1", description = "Workers that are asked at their addresses at the same time")
    int max__probes() default 16;

    /** Patience with them. */
    @AttributeDefinition(name = "Seconds for a probe", min = "1", description = "How long a worker may take to answer")
    int probe__seconds() default 5;

    /** Which workers are admitted. */
    @AttributeDefinition(name = "Policy for workers", required = false, description = "JSON file that says which machines are"
            + " accepted as workers, read anew each time; empty to ask for no evidence")
    String worker__policy__file() default "";

    /** What their evidence is judged by. */
    @AttributeDefinition(name = "Collateral for workers", required = false, description = "Folder with what Intel says of"
            + " platforms, read anew each time")
    String worker__collateral__folder() default "";

    /** How long evidence counts. */
    @AttributeDefinition(name = "Seconds between evidence", min = "1", description = "A worker is asked anew so often; where it"
            + " has not answered after twice as long it is refused")
    int evidence__seconds() default 300;

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
