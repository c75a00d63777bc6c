package org.alcove.simulation.replay;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replays requests that came, under every installed policy, on a clock of its own: nothing is computed, nobody waits. A service.
 */
@ProviderType
public interface PolicyReplay {

    /**
     * A request that came.
     *
     * @param seconds when, after any moment that all requests share
     * @param model model it asked for
     * @param tokens of its prompt and its answer together, above 0
     */
    record Order(double seconds, String model, int tokens) {
    }

    /**
     * A worker that serves one model.
     *
     * @param speed tokens per second, prompt tokens counted in, above 0
     */
    record Server(String id, String model, double speed) {
    }

    /**
     * What is replayed. Requests for models that no worker serves are passed over.
     *
     * @param orders in any order
     * @param servers in the order in which they registered
     * @param slots most requests that a worker serves at once; the others wait
     * @param seed the same seed gives the same figures
     */
    record Recording(List<Order> orders, List<Server> servers, int slots, long seed) {

        public Recording {
            orders = List.copyOf(orders);
            servers = List.copyOf(servers);
        }
    }

    /**
     * What came of it under one policy. Waiting is the time that the company of other requests costs: from arrival to end, less
     * what the request takes at its worker alone.
     *
     * @param policy name of the policy
     * @param fault what the policy did wrong, for people; then the other figures are empty. Empty where it did nothing wrong
     * @param waiting seconds, by percent of the requests: the value at index p is not exceeded by p percent of them; 101 values
     * @param meanWaiting seconds
     * @param meanResponse seconds from arrival to end
     * @param meanQueue requests there were on average, running and waiting
     * @param longestQueue most requests that one worker had at a time
     * @param shares of each worker, in the order of the servers
     */
    record Result(String policy, String fault, List<Double> waiting, double meanWaiting, double meanResponse, double meanQueue,
            int longestQueue, List<Share> shares) {

        public Result {
            waiting = List.copyOf(waiting);
            shares = List.copyOf(shares);
        }
    }

    /**
     * What a worker got.
     *
     * @param requests how many
     * @param work its share of the tokens of all requests for its model, 0 to 1
     */
    record Share(String worker, int requests, double work) {
    }

    /** One result for each installed policy, by name. Thread-safe; keeps the calling thread busy. */
    List<Result> replay(Recording recording);
}
