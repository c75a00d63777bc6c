package org.alcove.cluster.door;

/** How far a peer is trusted. */
public enum Standing {
    /** It has shown that it belongs to the cluster, or speaks from this machine to a process that nobody else can reach. */
    OWN,
    /** A FastChat peer from an address that is trusted; it has shown nothing. What it sends is text and never control tokens. */
    FOREIGN
}
