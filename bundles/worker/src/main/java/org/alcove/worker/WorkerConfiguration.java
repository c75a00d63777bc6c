package org.alcove.worker;

import org.alcove.configuration.GivenValues;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Configuration of factory PID {@code org.alcove.worker.model}: one model to serve. A change loads the model anew. The values are
 * read by {@link GivenValues}.
 */
@ObjectClassDefinition(name = "Alcove model", description = "A model that is loaded and served")
@interface WorkerConfiguration {

    /** Where the model lies. */
    @AttributeDefinition(description = "GGUF file or Hugging Face folder; empty for no model")
    String path() default "";

    /** Where the key of a sealed model is. */
    @AttributeDefinition(description = "Key of a sealed model: cdh:REPOSITORY/TYPE/TAG of the Confidential Data Hub, or a file;"
            + " empty for a plain model")
    String model__key() default "";

    /** Name by which requests ask for it. */
    @AttributeDefinition(description = "Name by which requests ask for it; empty for the name of the file")
    String name() default "";

    /** Conversation template. */
    @AttributeDefinition(description = "Name of the conversation template; empty for the model's own")
    String template() default "";

    /** Conversation template of models without one. */
    @AttributeDefinition(description = "Name of the conversation template for a file that carries none, where none is configured;"
            + " raw gives a base model the messages as they are; empty: such a model takes no conversations")
    String fallback__template() default "";

    /** Temperature of requests that give none. */
    @AttributeDefinition(min = "-1", description = "Temperature of requests that give none; -1 for what the model recommends")
    double sampling__temperature() default -1;

    /** Top-k of requests that give none. */
    @AttributeDefinition(min = "-1", description = "top_k of requests that give none, 0 for all tokens; -1 for what the model"
            + " recommends")
    int sampling__top__k() default -1;

    /** Top-p of requests that give none. */
    @AttributeDefinition(min = "-1", max = "1", description = "top_p of requests that give none; -1 for what the model"
            + " recommends")
    double sampling__top__p() default -1;

    /** Min-p of requests that give none. */
    @AttributeDefinition(min = "-1", max = "1", description = "min_p of requests that give none; -1 for what the model"
            + " recommends")
    double sampling__min__p() default -1;

    /** Repetition penalty of requests that give none. */
    @AttributeDefinition(min = "-1", description = "repetition_penalty of requests that give none, 1 for off; -1 for what the"
            + " model recommends")
    double sampling__repetition__penalty() default -1;

    /** Most tokens of prompt and answer together. */
    @AttributeDefinition(min = "0", description = "Most tokens of prompt and answer together; 0 for what the model can")
    int context__tokens() default 0;

    /** Tokens the KV cache has room for. */
    @AttributeDefinition(min = "0", description = "Tokens the KV cache has room for, all answers together; 0 to choose by memory")
    int kv__tokens() default 0;

    /** How keys and values are kept. */
    @AttributeDefinition(description = "How the KV cache keeps keys and values: f32, f16 or int8; less memory, other answers")
    String kv__type() default "f16";

    /** Whether what ended answers left in the KV cache serves prompts that begin alike. */
    @AttributeDefinition(description = "What answers leave in the KV cache serves prompts of the same caller that begin alike")
    boolean prefix__cache() default true;

    /** Threads that compute. */
    @AttributeDefinition(min = "0", max = "4096",
            description = "Threads that compute; 0 for one per physical core of a memory node")
    int threads() default 0;

    /** Most requests computed at once. */
    @AttributeDefinition(min = "1", max = "4096", description = "Most requests computed at once")
    int max__running() default 64;

    /** Most requests that wait. */
    @AttributeDefinition(min = "0", max = "1000000", description = "Most requests that wait beyond those; more are refused")
    int max__waiting() default 128;

    /** How long a step of the engine is about. */
    @AttributeDefinition(min = "1", max = "10000",
            description = "How long a step of the engine is about, in milliseconds")
    int step__millis() default 250;

    /** Most tokens a second. */
    @AttributeDefinition(min = "0", description = "An engine that computes more tokens a second pauses between steps, so that "
            + "the machine has time for others; prompt tokens count; 0 for no limit")
    int max__tokens__per__second() default 0;

    /** How long a reader may take nothing. */
    @AttributeDefinition(min = "1", description = "A request whose reader takes nothing for that many seconds is cancelled")
    int read__timeout__seconds() default 60;

    /** How long requests wait for a kernel that went away. */
    @AttributeDefinition(min = "0", description = "How many seconds requests wait for a kernel that went away before they fail")
    int swap__grace__seconds() default 30;

    /** How long running requests may go on when the worker drains. */
    @AttributeDefinition(min = "0", description = "How many seconds running requests may go on when the worker is told to drain"
            + " or the model is taken away; then another worker goes on with them, where there is one")
    int drain__seconds() default 10;
}
