/** A worker's process: makes its models reachable for others, and keeps the controller told how they stand. */
package org.alcove.cluster.node;
