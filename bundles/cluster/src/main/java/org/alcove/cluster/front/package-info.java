/** What an API process asks its controller: which workers there are, and which of them shall serve a request. */
package org.alcove.cluster.front;
