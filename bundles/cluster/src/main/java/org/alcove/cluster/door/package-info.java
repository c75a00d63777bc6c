/** The door of a process that others speak to: who may come in, how much they may say, and how long they may take. */
package org.alcove.cluster.door;
