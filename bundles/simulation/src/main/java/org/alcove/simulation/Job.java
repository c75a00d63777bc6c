package org.alcove.simulation;

/** A request at a worker. */
final class Job implements Comparable<Job> {

    final int number;
    final Arrival arrival;
    /** What each running request of the worker will have been served when this one is done; set when it begins to run. */
    double target;

    Job(int number, Arrival arrival) {
        this.number = number;
        this.arrival = arrival;
    }

    @Override
    public int compareTo(Job other) {
        int byTarget = Double.compare(target, other.target);
        return byTarget != 0 ? byTarget : Integer.compare(number, other.number);
    }
}
