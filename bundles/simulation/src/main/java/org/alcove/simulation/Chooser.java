package org.alcove.simulation;

/** Who serves a request of the simulation. */
@FunctionalInterface
interface Chooser {

    /** Index of the worker that gets the request, which comes at this moment. */
    int choose(Job job, Cluster cluster);
}
