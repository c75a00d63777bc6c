/* The softmax of a row of scores, tile by tile: docs/numerics.md section 7, steps 2 and 3, and the merging. */
#ifndef ALCOVE_SOFTMAX_H
#define ALCOVE_SOFTMAX_H

#include "attention.h"
#include "lanes.h"

/* Scores become exp(score - max); returns their sum. Keys that are not seen score minus infinity. */
INLINE float weigh(float *row, int from, int to, float *max) {
    for (int key = 0; key < from; key++) {
        row[key] = -__builtin_inff();
    }
    for (int key = to; key < KEYS; key++) {
        row[key] = -__builtin_inff();
    }
    vec most = load(row);
    for (int key = LANES; key < KEYS; key += LANES) {
        most = larger(most, load(row + key));
    }
    *max = largest(most);
    vec shift = all(*max);
    vec sums[SUM_VECTORS];
    for (int v = 0; v < SUM_VECTORS; v++) {
        sums[v] = all(0);
        for (int key = v * LANES; key < KEYS; key += 16) {
            vec weight = exponential(sub(load(row + key), shift));
            store(row + key, weight);
            sums[v] = add(sums[v], weight);
        }
    }
    return tree(sums);
}

/* total = total * keep + values * take */
INLINE void merge(float *total, const float *values, int size, float keep, float take) {
    vec keeps = all(keep);
    vec takes = all(take);
    int i = 0;
    for (; i + LANES <= size; i += LANES) {
        store(total + i, multiply_add(load(total + i), keeps, mul(load(values + i), takes)));
    }
    if (i < size) {
        mask rest = first(size - i);
        store_some(total + i, rest, multiply_add(load_some(total + i, rest), keeps, mul(load_some(values + i, rest), takes)));
    }
}

INLINE void finish(float *total, int size, float sum) {
    vec sums = all(sum);
    int i = 0;
    for (; i + LANES <= size; i += LANES) {
        store(total + i, divide(load(total + i), sums));
    }
    if (i < size) {
        mask rest = first(size - i);
        store_some(total + i, rest, divide(load_some(total + i, rest), sums));
    }
}

#endif
