/*
 * What prepare writes and multiply reads.
 */
#ifndef INTEGER_H
#define INTEGER_H

#include "matrix.h"

/** Offsets and sizes as in PreparedLayout in Java. */
struct prepared {
    int group;
    int groups;
    long scales;
    long sums;
    long stride;
};

INLINE long aligned(long bytes) {
    return (bytes + 63) & -64L;
}

INLINE struct prepared prepared_of(int columns, int weight_group) {
    struct prepared p;
    p.group = weight_group < 128 ? weight_group : 128;
    p.groups = ceil_div(columns, p.group);
    p.scales = aligned(columns);
    p.sums = p.scales + aligned(4L * p.groups);
    p.stride = p.sums + aligned(4L * p.groups);
    return p;
}

#endif
