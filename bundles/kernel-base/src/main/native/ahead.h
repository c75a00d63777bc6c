/*
 * Asks for what is multiplied next, so that memory is read while what is there is multiplied: a processor guesses neither the
 * rows of a block nor what follows a slice. Nothing is read, so it does not matter where a matrix ends.
 */
#ifndef AHEAD_H
#define AHEAD_H

#include "matrix.h"

/** Columns that are unpacked at a time. */
enum { SLICE = 512, LINE = 64 };

/** Bytes between the codes that are multiplied and those asked for, where rows are interleaved. */
enum { INTERLEAVED_AHEAD = 4096 };

/** Steps that it takes to ask for the parts of a slice, for each of them. */
enum { STEPS_A_PART = 8 };

/** Codes that are unpacked after these: parts of some lines each, a distance from where their pointers say. */
struct upcoming {
    const u8 *const *parts;
    long distance;
    int lines;
    /** Parts not yet asked for. */
    int left;
    /** How many at a time. */
    int each;
    /** Times to ask for none yet: what is asked for long before it is met has left the first-level cache again. */
    int wait;
};

/** Bytes of a slice of a row, or of a panel where rows are interleaved. */
INLINE int slice_bytes(const int kind) {
    return is_interleaved(kind) ? SLICE / CHUNK * PANEL_BYTES : SLICE / block_columns(kind) * block_bytes(kind);
}

/** Bytes of a part of a slice: of a row, or of one of as many pieces of a panel where rows are interleaved. */
INLINE int part_bytes(const int kind) {
    return is_interleaved(kind) ? slice_bytes(kind) / LANES : slice_bytes(kind);
}

/** The parts of the first slice of a panel. */
INLINE void slice_parts(const int kind, const u8 *const *rows, const u8 **parts) {
    for (int i = 0; i < LANES; i++) {
        parts[i] = is_interleaved(kind) ? rows[0] + i * part_bytes(kind) : rows[i];
    }
}

/** The slice after the one that begins with a group, or the first one of the block after this one, to be asked for in steps. */
INLINE struct upcoming upcoming_of(const int kind, const struct matrix *m, const u8 *const *parts, int panels, int row, int first,
        int groups, int steps) {
    int count = panels * LANES;
    long later = is_interleaved(kind) ? (row + PANELS * LANES) / PANEL_ROWS - row / PANEL_ROWS : PANELS * LANES;
    return (struct upcoming) {.parts = parts, .lines = ceil_div(part_bytes(kind), LINE), .left = count,
        .distance = first + groups < m->groups ? slice_bytes(kind) * (first / groups + 1L) : later * m->strides[0],
        .each = ceil_div(count, steps),
        .wait = steps > STEPS_A_PART * count ? steps - STEPS_A_PART * count : 0};
}

/** Asks for the next parts. */
INLINE void prefetch_parts(struct upcoming *u) {
    if (u->wait > 0) {
        u->wait--;
        return;
    }
    for (int i = 0; i < u->each && u->left > 0; i++, u->left--, u->parts++) {
        const char *part = (const char *) *u->parts + u->distance;
        for (int line = 0; line < u->lines; line++) {
            _mm_prefetch(part + line * LINE, _MM_HINT_T0);
        }
    }
}

/** Asks for the scales, and what else groups have, of that slice, where rows are interleaved and these lie apart. */
INLINE void prefetch_scales(const int kind, const struct matrix *m, int row, int first, int groups) {
    if (!is_interleaved(kind)) {
        return;
    }
    int last = first + groups >= m->groups;
    long panel = (row + (last ? PANELS * LANES : 0)) / PANEL_ROWS;
    long group = last ? 0 : first + groups;
    for (int plane = 1; plane <= (extra_of(kind) == NONE ? 1 : 2); plane++) {
        const int bytes = (plane == 2 && kind == INTERLEAVED_ZEROS ? 1 : 2) * PANEL_ROWS;
        for (int p = 0; p < ceil_div(PANELS * LANES, PANEL_ROWS); p++) {
            const char *at = (const char *) m->planes[plane] + (panel + p) * m->strides[plane] + group * bytes;
            for (int i = 0; i < groups * bytes; i += LINE) {
                _mm_prefetch(at + i, _MM_HINT_T0);
            }
        }
    }
}

/** Asks for the lines of the panel after this one that lie as far in as a chunk does in this one: a stream in memory's order. */
INLINE void prefetch_chunk(const int kind, const struct matrix *m, const u8 *const *rows, long chunk) {
    if (is_interleaved(kind)) {
        UNROLL
        for (int i = 0; i < PANEL_BYTES; i += LINE) {
            _mm_prefetch((const char *) rows[0] + chunk * PANEL_BYTES + INTERLEAVED_AHEAD + i, _MM_HINT_T0);
        }
        return;
    }
    int bytes = block_bytes(kind);
    const char *next = (const char *) rows[0] + LANES * m->strides[0] + chunk * bytes * LANES;
    for (int i = 0; i < bytes * LANES; i += LINE) {
        _mm_prefetch(next + i, _MM_HINT_T1);
    }
}

#endif
