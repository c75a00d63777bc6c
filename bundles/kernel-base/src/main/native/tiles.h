/*
 * Many tokens by a block of rows whose codes lie unpacked in the scratch memory, by the tile unit: it gives the sums of a group
 * for sixteen tokens and the sixteen rows of a panel, and vectors add them to the chains. While they do, the unit computes the
 * next group.
 */
#ifndef TILES_H
#define TILES_H

#include "amx.h"
#include "product.h"

#if AMX

/** Fewest tokens for which it is worth bringing codes into memory. */
enum { TILES_FROM = 5 };

/*
 * What the tiles hold: sums, activations and codes of a group, twice, so that two groups can be under way; and sums and
 * activations of the tokens that are left over, which are fewer.
 */
enum { SUMS = 0, VALUES = 2, CODES = 4, SUMS_LEFT = 6, VALUES_LEFT = 7 };

/** Bytes between the quads of a panel in a block. */
enum { QUAD_STRIDE = PANELS * 4 * LANES };

/** Whether tiles have 64 columns, or 32 as the groups. */
INLINE int is_wide(const int kind, const struct product *call) {
    return is_grouped(kind) && call->w.group != CHUNK;
}

/** Groups must be one or more tiles; one that is the whole row is followed by zeros. */
INLINE int uses_tiles(const int kind, const struct product *call) {
    const struct matrix *m = &call->w;
    return !is_half(kind) && call->tokens >= TILES_FROM
            && (!is_wide(kind, call) || m->group % TILE_BYTES == 0 || m->groups == 1);
}

INLINE int tile_tokens(int left) {
    return left < TILE_ROWS ? left : TILE_ROWS;
}

INLINE void tiles_begin(const int kind, struct tile_unit *tiles, const struct product *call) {
    struct tile_shapes shapes = {0};
    int columns = is_wide(kind, call) ? TILE_BYTES : CHUNK;
    for (int i = 0; i < 2; i++) {
        tile_shape(&shapes, SUMS + i, TILE_ROWS, 4 * LANES);
        tile_shape(&shapes, VALUES + i, TILE_ROWS, columns);
        tile_shape(&shapes, CODES + i, columns / 4, 4 * LANES);
    }
    if (call->tokens % TILE_ROWS != 0) {
        tile_shape(&shapes, SUMS_LEFT, call->tokens % TILE_ROWS, 4 * LANES);
        tile_shape(&shapes, VALUES_LEFT, call->tokens % TILE_ROWS, columns);
    }
    tiles_configure(tiles, &shapes);
}

/** Makes what stands for zero zero, in the codes of a chunk: tiles multiply signed bytes, and nothing is left to subtract. */
INLINE void signed_codes(const int kind, const int32_t *extras, Ints quads[QUADS]) {
    Ints less = bytes_all((char) -zero_of(kind));
    if (extra_of(kind) == ZEROS) {
        less = _mm512_shuffle_epi8(ints_load(extras), _mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0));
    }
    UNROLL
    for (int q = 0; q < QUADS; q++) {
        quads[q] = _mm512_add_epi8(quads[q], less);
    }
}

/** A panel of a block and some tokens of a slice. */
struct meeting {
    struct tile_unit *tiles;
    const struct block *block;
    const struct slice *slice;
    int panel;
    int tokens;
    /** Whether to ask for the activations of the next tokens. */
    int ahead;
};

/** The sums of a group, [token][lane]; the tiles' numbers are constants. */
INLINE void group_sums(const struct meeting *m, const int wide, const int sums, const int values, const int codes, int group,
        int32_t *to) {
    const struct block *b = m->block;
    const struct slice *x = m->slice;
    const int step = wide ? TILE_BYTES / 4 : QUADS;
    const u8 *w = b->codes + m->panel * 4 * LANES + (long) group * b->quads * QUAD_STRIDE;
    const u8 *from = x->codes + group * 4 * b->quads;
    int quads = group == b->groups - 1 ? b->last_quads : b->quads;
    tile_zero(m->tiles, sums);
    for (int q = 0; q < quads; q += step) {
        tile_load(m->tiles, values, from + 4 * q, x->stride);
        tile_load(m->tiles, codes, w + q * QUAD_STRIDE, QUAD_STRIDE);
        tile_multiply(m->tiles, sums, values, codes);
        if (m->ahead && (wide || group % 2 == 0)) {
            prefetch_tokens(TILE_ROWS, from + 4 * q, x->stride);
        }
    }
    tile_store(m->tiles, sums, to, 4 * LANES);
}

/** The step of a group, of one token. */
INLINE Floats group_step(const struct meeting *m, const int extra, int group, int token, const int32_t *sums, Floats chain) {
    const struct slice *x = m->slice;
    int at = (group * PANELS + m->panel) * LANES;
    float da = *(const float *) ((const u8 *) (x->scales + group) + token * x->stride);
    int32_t sa = extra == MINIMA ? *(const int32_t *) ((const u8 *) (x->sums + group) + token * x->stride) : 0;
    return step(extra, chain, ints_load(sums + token * LANES), floats_load(m->block->scales + at), m->block->extras + at, da, sa);
}

INLINE void group_steps(const struct meeting *m, const int extra, int group, const int32_t *sums, Floats chain[TILE_ROWS]) {
    UNROLL
    for (int t = 0; t < TILE_ROWS; t++) {
        chain[t] = group_step(m, extra, group, t, sums, chain[t]);
    }
}

/** Sixteen tokens, whose chains stay in registers. */
INLINE void whole_tile(const struct meeting *m, const int extra, const int wide, float *chains) {
    int32_t sums[2][TILE_ROWS * LANES] __attribute__((aligned(64)));
    Floats chain[TILE_ROWS];
    UNROLL
    for (int t = 0; t < TILE_ROWS; t++) {
        chain[t] = floats_load(chains + t * ROWS);
    }
    int groups = m->block->groups;
    group_sums(m, wide, SUMS, VALUES, CODES, 0, sums[0]);
    for (int g = 0; g < groups; g += 2) {
        if (g + 1 < groups) {
            group_sums(m, wide, SUMS + 1, VALUES + 1, CODES + 1, g + 1, sums[1]);
        }
        group_steps(m, extra, g, sums[0], chain);
        if (g + 1 < groups) {
            if (g + 2 < groups) {
                group_sums(m, wide, SUMS, VALUES, CODES, g + 2, sums[0]);
            }
            group_steps(m, extra, g + 1, sums[1], chain);
        }
    }
    UNROLL
    for (int t = 0; t < TILE_ROWS; t++) {
        floats_store(chains + t * ROWS, chain[t]);
    }
}

/** Fewer tokens, whose chains stay in memory. */
INLINE void part_of_tile(const struct meeting *m, const int extra, const int wide, float *chains) {
    int32_t sums[TILE_ROWS * LANES] __attribute__((aligned(64)));
    for (int g = 0; g < m->block->groups; g++) {
        group_sums(m, wide, SUMS_LEFT, VALUES_LEFT, CODES, g, sums);
        for (int t = 0; t < m->tokens; t++) {
            floats_store(chains + t * ROWS, group_step(m, extra, g, t, sums, floats_load(chains + t * ROWS)));
        }
    }
}

#define MEETING(extra, wide) \
    static __attribute__((noinline)) void meet_##extra##_##wide(const struct meeting *m, float *chains) { \
        if (m->tokens == TILE_ROWS) { \
            whole_tile(m, extra, wide, chains); \
        } else { \
            part_of_tile(m, extra, wide, chains); \
        } \
    }

MEETING(NONE, 0)
MEETING(NONE, 1)
MEETING(MINIMA, 0)

/** Continues the chains of some tokens by a slice of the panels of a block. */
INLINE void by_tiles(const int kind, const int wide, struct tile_unit *tiles, const struct block *b, const struct slice *x,
        int panels, int tokens, float *chains) {
    for (int p = 0; p < panels; p++) {
        struct meeting m = {tiles, b, x, p, tokens, p == panels - 1};
        if (extra_of(kind) == MINIMA) {
            meet_MINIMA_0(&m, chains + p * LANES);
        } else if (wide) {
            meet_NONE_1(&m, chains + p * LANES);
        } else {
            meet_NONE_0(&m, chains + p * LANES);
        }
    }
}

#else

struct tile_unit {
    char none;
};

/* There are none: what is named here is never called. */
#define uses_tiles(kind, call) 0
#define is_wide(kind, call) 0
#define tiles_begin(kind, tiles, call) (void) (tiles)
#define tiles_release(tiles) (void) (tiles)
#define signed_codes(kind, extras, quads) (void) 0
#define tile_tokens(left) (left)
#define by_tiles(kind, wide, tiles, block, slice, panels, tokens, chains) (void) 0

#endif

#endif
