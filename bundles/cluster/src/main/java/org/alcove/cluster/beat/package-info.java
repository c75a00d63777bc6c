/** What is done again and again, on a thread of its own. */
package org.alcove.cluster.beat;
