package org.alcove.accounts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a key is good for.
 *
 * @param models names of the models it may ask; empty for all
 * @param endpoints which of {@link #ENDPOINTS} it may ask; empty for all
 * @param role what it may do in the administration; empty for nothing
 * @param requestsPerMinute most requests of clients a minute; empty for no limit
 * @param tokensPerMinute most tokens a minute, of prompts and answers together; empty for no limit
 * @param expires from when on it is good for nothing; empty for never
 */
public record KeyTerms(Optional<Set<String>> models, Optional<Set<String>> endpoints, Optional<Role> role,
        OptionalInt requestsPerMinute, OptionalInt tokensPerMinute, Optional<Instant> expires) {

    /** The endpoints there are: the first part of each path below {@code /v1}. */
    public static final List<String> ENDPOINTS = List.of("chat", "completions", "models");

    /** All models and endpoints without limits, and nothing of the administration. */
    public static final KeyTerms CLIENT = new KeyTerms(Optional.empty(), Optional.empty(), Optional.empty(),
            OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    private static final int MOST_MODELS = 200;
    private static final int LONGEST_NAME = 200;

    public KeyTerms {
        models = models.map(Set::copyOf);
        endpoints = endpoints.map(Set::copyOf);
    }

    /** Whether it may ask this model. */
    public boolean allowsModel(String name) {
        return models.isEmpty() || models.get().contains(name);
    }

    /** Whether it may ask this endpoint. */
    public boolean allowsEndpoint(String name) {
        return endpoints.isEmpty() || endpoints.get().contains(name);
    }

    /** What is wrong with them, for the one who asked for such a key; empty where they will do. */
    Optional<String> fault() {
        if (models.isPresent() && (models.get().isEmpty() || models.get().size() > MOST_MODELS)) {
            return Optional.of("a key is for 1 to " + MOST_MODELS + " models, or for all; this one names " + models.get().size());
        }
        if (models.isPresent() && models.get().stream().anyMatch(name -> name.isBlank() || name.length() > LONGEST_NAME)) {
            return Optional.of("the name of a model has 1 to " + LONGEST_NAME + " characters");
        }
        Collection<String> unknown = new TreeSet<>(endpoints.orElse(Set.of()));
        unknown.removeAll(ENDPOINTS);
        if (!unknown.isEmpty()) {
            return Optional.of("there is no such endpoint as " + unknown.iterator().next() + "; endpoints: "
                    + String.join(", ", ENDPOINTS));
        }
        if (endpoints.isPresent() && endpoints.get().isEmpty() && role.isEmpty()) {
            return Optional.of("a key without endpoints and without a role is good for nothing; give it one of them");
        }
        return requestsPerMinute.orElse(1) < 1 || tokensPerMinute.orElse(1) < 1
                ? Optional.of("a limit is at least 1 a minute; leave it out for none") : Optional.empty();
    }
}
