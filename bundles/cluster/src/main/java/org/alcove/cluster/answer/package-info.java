/** Writes the answers of workers to peers: in our frames, and in FastChat's chunks. */
package org.alcove.cluster.answer;
