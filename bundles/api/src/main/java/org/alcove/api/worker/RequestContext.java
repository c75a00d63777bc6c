package org.alcove.api.worker;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What belongs to a request whatever its kind.
 *
 * @param id unique id, printed in logs and answers
 * @param trace id of the caller's trace, or empty
 * @param tenant who asks (the name of a key, never the key), or empty
 * @param priority higher is served first; 0 is usual
 * @param deadline when the caller stops waiting, if known
 * @param adapter name of a fine-tuning adapter, or empty
 * @param prefixHint requests with the same hint probably share a prompt prefix; or empty
 * @param resume where to go on with an answer that another worker began, if so
 * @param sealedBody the request's text, sealed to the worker, where the front end cannot read it
 */
public record RequestContext(String id, String trace, String tenant, int priority, Optional<Instant> deadline, String adapter,
        String prefixHint, Optional<ResumeState> resume, Optional<byte[]> sealedBody) {

    /** A context with a fresh id and nothing else. */
    public static RequestContext fresh() {
        return named("req-" + UUID.randomUUID().toString().replace("-", ""));
    }

    /** A context with this id and nothing else. */
    public static RequestContext named(String id) {
        return new RequestContext(id, "", "", 0, Optional.empty(), "", "", Optional.empty(), Optional.empty());
    }

    /** The same with another tenant. */
    public RequestContext withTenant(String name) {
        return new RequestContext(id, trace, name, priority, deadline, adapter, prefixHint, resume, sealedBody);
    }

    /** The same with another trace id. */
    public RequestContext withTrace(String traceId) {
        return new RequestContext(id, traceId, tenant, priority, deadline, adapter, prefixHint, resume, sealedBody);
    }

    /** The same with a hint which prompts share a prefix. */
    public RequestContext withPrefixHint(String hint) {
        return new RequestContext(id, trace, tenant, priority, deadline, adapter, hint, resume, sealedBody);
    }

    /** The same, going on from a state. */
    public RequestContext withResume(ResumeState state) {
        return new RequestContext(id, trace, tenant, priority, deadline, adapter, prefixHint, Optional.of(state), sealedBody);
    }

    /** The same with a sealed body. */
    public RequestContext withSealedBody(byte[] body) {
        return new RequestContext(id, trace, tenant, priority, deadline, adapter, prefixHint, resume, Optional.of(body));
    }

    /** The same after its body was opened: without it, going on where the body says. */
    public RequestContext opened(Optional<ResumeState> from) {
        return new RequestContext(id, trace, tenant, priority, deadline, adapter, prefixHint, from, Optional.empty());
    }
}
