/**
 * Wires workers to requests: registry, heartbeats, choice, stream relay.
 */
package org.alcove.core;
