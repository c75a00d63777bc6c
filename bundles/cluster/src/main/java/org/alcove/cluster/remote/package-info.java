/** A worker in another process, made to look like a local one. */
package org.alcove.cluster.remote;
