/** The values that controllers, workers and API processes send each other, and how they are written and read. */
package org.alcove.cluster.wire;
