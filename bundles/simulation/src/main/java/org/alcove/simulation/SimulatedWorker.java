package org.alcove.simulation;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A worker on the simulation's clock.
 *
 * <p>All running requests are served at the same rate, so one number says what each has been given since the worker was last idle
 * ({@code served}, in tokens). A request ends when that number reaches the one at its beginning plus its own work, whoever comes
 * and goes meanwhile: a change of the rate moves no other request in the order of ends.
 */
final class SimulatedWorker {

    private final int index;
    private final double speed;
    private final ServiceModel model;
    private final PriorityQueue<Job> running = new PriorityQueue<>();
    private final Queue<Job> waiting = new ArrayDeque<>();
    private double served;
    private double now;
    /** Counts changes: an end that was foretold before the last change is void. */
    private long version;

    SimulatedWorker(int index, double speed, ServiceModel model) {
        this.index = index;
        this.speed = speed;
        this.model = model;
    }

    int index() {
        return index;
    }

    double speed() {
        return speed;
    }

    long version() {
        return version;
    }

    /** Requests it has. */
    int queueLength() {
        return running.size() + waiting.size();
    }

    int runningCount() {
        return running.size();
    }

    /** Seconds that so many tokens take where nobody else is served. */
    double alone(double work) {
        return work / model.rate(speed, 1);
    }

    /** Whether one more request would be served as if it were alone. */
    boolean hasRoom() {
        return running.size() < model.slots() && model.rate(speed, running.size() + 1) == model.rate(speed, 1);
    }

    /** Seconds that so much work takes at least if it came at this moment: no worker does more than its speed, and it is fair. */
    double least(double work, double time) {
        advance(time);
        if (running.size() >= model.slots()) {
            return alone(work);
        }
        double before = 0;
        for (Job job : running) {
            before += Math.min(work, Math.max(0, job.target - served));
        }
        return Math.max(alone(work), (before + work) / speed);
    }

    void add(Job job, double time) {
        advance(time);
        version++;
        if (running.size() < model.slots()) {
            begin(job);
        } else {
            waiting.add(job);
        }
    }

    /** Ends the request that is due first; the time is the one {@link #nextEnd} told. */
    Job end(double time) {
        advance(time);
        version++;
        Job done = running.remove();
        served = done.target;
        if (!waiting.isEmpty()) {
            begin(waiting.remove());
        }
        return done;
    }

    /** When the first of its requests ends if nothing else comes; infinite where it has none. */
    double nextEnd() {
        return running.isEmpty() ? Double.POSITIVE_INFINITY
                : now + Math.max(0, running.peek().target - served) / model.rate(speed, running.size());
    }

    /** When a request that came now would end if nothing came after it. */
    double endOf(double work, double time) {
        advance(time);
        PriorityQueue<Job> ahead = new PriorityQueue<>(running);
        Iterator<Job> queue = waiting.iterator();
        Job last = new Job(Integer.MAX_VALUE, new Arrival(time, work));
        boolean queued = ahead.size() >= model.slots();
        if (!queued) {
            last.target = served + work;
            ahead.add(last);
        }
        double clock = time;
        double level = served;
        while (true) {
            Job first = ahead.peek();
            clock += Math.max(0, first.target - level) / model.rate(speed, ahead.size());
            level = first.target;
            ahead.remove();
            if (first == last) {
                return clock;
            }
            if (queue.hasNext()) {
                ahead.add(copy(queue.next(), level));
            } else if (queued) {
                queued = false;
                last.target = level + work;
                ahead.add(last);
            }
        }
    }

    private static Job copy(Job job, double level) {
        Job copy = new Job(job.number, job.arrival);
        copy.target = level + job.arrival.work();
        return copy;
    }

    private void begin(Job job) {
        job.target = served + job.arrival.work();
        running.add(job);
    }

    private void advance(double time) {
        if (running.isEmpty()) {
            // From nothing again, so that rounding does not grow with the length of a run.
            served = 0;
        } else {
            served += (time - now) * model.rate(speed, running.size());
        }
        now = time;
    }
}
