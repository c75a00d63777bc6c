package org.alcove.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    Settings {
        policyPerModel = Map.copyOf(policyPerModel);
        faults = List.copyOf(faults);
    }

    static Settings of(CoreConfiguration configuration) {
        List<String> faults = new ArrayList<>();
        Map<String, String> perModel = new LinkedHashMap<>();
        for (String entry : configuration.policy__per__model()) {
            int equals = entry.lastIndexOf('=');
            if (equals <= 0 || equals == entry.length() - 1) {
                faults.add("policy_per_model has the entry \"" + entry + "\", which is left out; write model=policy");
            } else {
                perModel.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
            }
        }
        int beat = configuration.heartbeat__seconds();
        int late = configuration.late__after__seconds();
        int gone = configuration.gone__after__seconds();
        if (beat < 1 || late <= beat || gone <= late) {
            faults.add("heartbeat_seconds " + beat + ", late_after_seconds " + late + " and gone_after_seconds " + gone
                    + " must be at least 1 and ascending; " + DEFAULT_HEARTBEAT_SECONDS + ", " + DEFAULT_LATE_SECONDS + " and "
                    + DEFAULT_GONE_SECONDS + " hold instead");
            beat = DEFAULT_HEARTBEAT_SECONDS;
            late = DEFAULT_LATE_SECONDS;
            gone = DEFAULT_GONE_SECONDS;
        }
        int history = atLeast(0, "dispatch_history", configuration.dispatch__history(), faults);
        int resumeWait = atLeast(0, "resume_wait_seconds", configuration.resume__wait__seconds(), faults);
        return new Settings(configuration.policy().strip(), perModel, Duration.ofSeconds(beat), Duration.ofSeconds(late),
                Duration.ofSeconds(gone), history, Duration.ofSeconds(resumeWait), rest(configuration, faults), faults);
    }

    private static Rest.Rule rest(CoreConfiguration configuration, List<String> faults) {
        int after = atLeast(0, "rest_after_failures", configuration.rest__after__failures(), faults);
        int first = atLeast(1, "first_rest_seconds", configuration.first__rest__seconds(), faults);
        int longest = atLeast(first, "longest_rest_seconds", configuration.longest__rest__seconds(), faults);
        return new Rest.Rule(after, Duration.ofSeconds(first), Duration.ofSeconds(longest));
    }

    private static int atLeast(int least, String name, int value, List<String> faults) {
        if (value >= least) {
            return value;
        }
        faults.add(name + " " + value + " is less than " + least + "; " + least + " holds instead");
        return least;
    }

    String policyFor(String model) {
        return policyPerModel.getOrDefault(model, policy);
    }

    /** The same, where no answer waits for another worker. */
    Settings withoutWaiting() {
        return new Settings(policy, policyPerModel, heartbeat, lateAfter, goneAfter, history, Duration.ZERO, rest, faults);
    }
}
