/*
 * What a call multiplies, and the memory it computes in.
 */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "scales.h"
#include "tile.h"

enum { SLICE_GROUPS = SLICE / 16, ROWS = LANES * PANELS };

/** As the scratch memory of a call lies; NativeKernel in Java asks for as much, with chains for all tokens. */
struct scratch {
    u8 codes[SLICE * ROWS];
    float scales[SLICE_GROUPS * ROWS];
    int32_t extras[SLICE_GROUPS * ROWS];
    uint16_t words[SLICE_GROUPS * LANES];
    /** [token][panel][lane] */
    float chains[];
};

/** What one call multiplies. */
struct product {
    struct matrix w;
    struct prepared x;
    const u8 *prepared;
    int tokens;
    int rows;
    u8 *y;
    struct scratch *scratch;
};

/** The rows of a panel. Lanes beyond the end repeat the last row: their results are dropped. */
INLINE void panel_rows(const int kind, const struct matrix *m, int first, int end, const u8 **rows, int *numbers) {
    if (is_interleaved(kind)) {
        rows[0] = m->planes[0] + first / PANEL_ROWS * m->strides[0] + first % PANEL_ROWS * 4;
        numbers[0] = first;
        return;
    }
    for (int i = 0; i < LANES; i++) {
        numbers[i] = first + i < end ? first + i : end - 1;
        rows[i] = m->planes[0] + numbers[i] * m->strides[0];
    }
}

/** Columns of a group: a constant for blocks. */
INLINE int group_of(const int kind, const struct matrix *m) {
    return is_half(kind) ? CHUNK / 2 : is_grouped(kind) ? m->group : CHUNK;
}

INLINE int chunks_of(const int kind, int group) {
    return is_half(kind) ? 1 : ceil_div(group, CHUNK);
}

#endif
