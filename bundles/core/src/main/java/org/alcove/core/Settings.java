package org.alcove.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alcove.configuration.GivenValues;

/**
 * The configuration, checked.
 *
 * @param policy name of the policy of all models without one of their own
 * @param policyPerModel names of policies by model
 * @param heartbeat from beat to beat
 * @param lateAfter silence after which a worker is late
 * @param goneAfter silence after which it is gone
 * @param history how many choices are remembered
 * @param resumeWait how long an answer whose worker was lost waits for another one
 * @param rest when workers that answer errors rest
 * @param faults what is wrong with the configuration and what holds instead, for people
 */
record Settings(String policy, Map<String, String> policyPerModel, Duration heartbeat, Duration lateAfter, Duration goneAfter,
        int history, Duration resumeWait, Rest.Rule rest, List<String> faults) {

    static final String DEFAULT_POLICY = "shortest_queue";
    static final int DEFAULT_HEARTBEAT_SECONDS = 5;
    static final int DEFAULT_LATE_SECONDS = 15;
    static final int DEFAULT_GONE_SECONDS = 60;
    static final int DEFAULT_HISTORY = 100;
    static final int DEFAULT_RESUME_WAIT_SECONDS = 5;
    static final int DEFAULT_REST_AFTER = 3;
    static final int DEFAULT_FIRST_REST_SECONDS = 1;
    static final int DEFAULT_LONGEST_REST_SECONDS = 60;

    static final Settings DEFAULT = new Settings(DEFAULT_POLICY, Map.of(), Duration.ofSeconds(DEFAULT_HEARTBEAT_SECONDS),
            Duration.ofSeconds(DEFAULT_LATE_SECONDS), Duration.ofSeconds(DEFAULT_GONE_SECONDS), DEFAULT_HISTORY,
            Duration.ofSeconds(DEFAULT_RESUME_WAIT_SECONDS), new Rest.Rule(DEFAULT_REST_AFTER,
            Duration.ofSeconds(DEFAULT_FIRST_REST_SECONDS), Duration.ofSeconds(DEFAULT_LONGEST_REST_SECONDS)), List.of());

    Settings {
        policyPerModel = Map.copyOf(policyPerModel);
        faults = List.copyOf(faults);
    }

    /** Silences, the shortest first. */
    private record Silences(Duration heartbeat, Duration late, Duration gone) {

        static Silences of(GivenValues values) {
            int beat = values.integer("heartbeat_seconds", 1, Integer.MAX_VALUE - 2);
            int late = values.integer("late_after_seconds", beat + 1, Integer.MAX_VALUE - 1);
            return new Silences(Duration.ofSeconds(beat), Duration.ofSeconds(late),
                    Duration.ofSeconds(values.integer("gone_after_seconds", late + 1)));
        }

        @Override
        public String toString() {
            return "heartbeat_seconds " + heartbeat.toSeconds() + ", late_after_seconds " + late.toSeconds()
                    + " and gone_after_seconds " + gone.toSeconds();
        }
    }

    /** The first, and the longest. */
    private record Rests(Duration first, Duration longest) {

        static Rests of(GivenValues values) {
            int first = values.integer("first_rest_seconds", 1);
            return new Rests(Duration.ofSeconds(first), Duration.ofSeconds(values.integer("longest_rest_seconds", first)));
        }

        @Override
        public String toString() {
            return "first_rest_seconds " + first.toSeconds() + " and longest_rest_seconds " + longest.toSeconds();
        }
    }

    /** @param former what holds on where a value cannot be */
    static Settings of(GivenValues values, Settings former) {
        List<String> faults = new ArrayList<>();
        Map<String, String> perModel = perModel(values, faults);
        Silences silences = read(() -> Silences.of(values),
                new Silences(former.heartbeat, former.lateAfter, former.goneAfter), faults);
        int history = read(() -> values.integer("dispatch_history", 0), former.history, faults);
        Duration resumeWait = Duration.ofSeconds(
                read(() -> values.integer("resume_wait_seconds", 0), (int) former.resumeWait.toSeconds(), faults));
        return new Settings(values.text("policy").strip(), perModel, silences.heartbeat, silences.late, silences.gone, history,
                resumeWait, rest(values, former.rest, faults), faults);
    }

    private static Map<String, String> perModel(GivenValues values, List<String> faults) {
        Map<String, String> perModel = new LinkedHashMap<>();
        for (String entry : values.texts("policy_per_model")) {
            int equals = entry.lastIndexOf('=');
            if (equals <= 0 || equals == entry.length() - 1) {
                faults.add(values.refusal("policy_per_model", "write each entry as model=policy; \"" + entry
                        + "\" is left out").getMessage());
            } else {
                perModel.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
            }
        }
        return perModel;
    }

    private static Rest.Rule rest(GivenValues values, Rest.Rule former, List<String> faults) {
        int after = read(() -> values.integer("rest_after_failures", 0), former.after(), faults);
        Rests rests = read(() -> Rests.of(values), new Rests(former.first(), former.longest()), faults);
        return new Rest.Rule(after, rests.first, rests.longest);
    }

    private static <T> T read(Supplier<T> value, T former, List<String> faults) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage() + "; until then: " + former);
            return former;
        }
    }

    String policyFor(String model) {
        return policyPerModel.getOrDefault(model, policy);
    }

    /** The same, where no answer waits for another worker. */
    Settings withoutWaiting() {
        return new Settings(policy, policyPerModel, heartbeat, lateAfter, goneAfter, history, Duration.ZERO, rest, faults);
    }
}
