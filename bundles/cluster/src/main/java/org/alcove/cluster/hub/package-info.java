/** A controller's process: knows the workers of the cluster, and says which one serves a request. */
package org.alcove.cluster.hub;
