/*
 * Some tokens by a block of rows whose codes lie unpacked in the scratch memory: the inner loop of a prompt.
 */
#ifndef TILE_H
#define TILE_H

#include "ahead.h"
#include "integer.h"
#include "products.h"

/** A slice of a block of rows. Vectors of the panels of a block lie side by side. */
struct block {
    /** Unpacked, [quad][panel][lane][4]. */
    u8 *codes;
    /** Where those of each panel lie packed, for a tile that multiplies them from there. */
    const u8 *packed[PANELS];
    /** Whether it is to unpack them for tiles that follow. */
    int kept;
    /** [group][panel][lane] */
    const float *scales;
    /** [group][panel][lane], as panel_scales says. */
    const int32_t *extras;
    int groups;
    /** Quads of a group, and of the last one of the slice. */
    int quads;
    int last_quads;
};

/** The activations of a slice, of the first token of a tile. */
struct slice {
    const u8 *codes;
    const float *scales;
    const int32_t *sums;
    long stride;
};

/** The sum before the first product, so that nothing is left to subtract. */
INLINE Ints start(const int extra, int32_t sum, const int32_t *extras) {
    return extra == NONE ? ints_all(sum) : extra == ZEROS ? shorts_pairs(ints_load(extras), ints_all(sum)) : ints_zero();
}

/** One step of the chain. */
INLINE Floats step(const int extra, Floats chain, Ints sum, Floats scale, const int32_t *extras, float da, int32_t sa) {
    chain = floats_fma(floats_of_ints(sum), floats_mul(scale, floats_all(da)), chain);
    if (extra == MINIMA) {
        float value;
        memcpy(&value, &sa, 4);
        chain = floats_fma(floats_all(value), floats_mul(floats_load((const float *) extras), floats_all(da)), chain);
    }
    return chain;
}

/** How many quads a group has: four, eight or a multiple of eight. */
enum length { HALF_CHUNK, WHOLE_CHUNK, CHUNKS };

/** Where a tile has its codes from. */
enum source { UNPACKED, PACKED };

/** Asks for the activations of the next tile, which lie too far apart for the processor to guess. */
INLINE void prefetch_tokens(const int tokens, const u8 *values, long stride) {
    UNROLL
    for (int t = 0; t < tokens; t++) {
        _mm_prefetch((const char *) values + (t + tokens) * stride, _MM_HINT_T0);
    }
}

/** Continues the chains, [token][panel][lane], of some tokens by a slice. All but the last four arguments are constants. */
INLINE void tile(const int tokens, const int extra, const int width, const int length, const int source, const struct block *b,
        const struct slice *x, struct upcoming *next, float *chains) {
    const int panels = PANELS;
    const int unit = length == HALF_CHUNK ? 4 : QUADS;
    Floats chain[TOKENS][PANELS];
    UNROLL
    for (int t = 0; t < tokens; t++) {
        UNROLL
        for (int p = 0; p < panels; p++) {
            chain[t][p] = floats_load(chains + (t * panels + p) * LANES);
        }
    }
    u8 *codes = b->codes;
    const u8 *values = x->codes;
    long chunk = 0;
    for (int g = 0; g < b->groups; g++) {
        Ints sums[TOKENS][PANELS];
        UNROLL
        for (int t = 0; t < tokens; t++) {
            UNROLL
            for (int p = 0; p < panels; p++) {
                sums[t][p] = start(extra, *(const int32_t *) ((const u8 *) (x->sums + g) + t * x->stride),
                        b->extras + (g * panels + p) * LANES);
            }
        }
        prefetch_parts(next);
        int quads = length != CHUNKS ? unit : g == b->groups - 1 ? b->last_quads : b->quads;
        for (int q = 0; q < quads; q += unit) {
            if (tokens == TOKENS) {
                prefetch_tokens(tokens, values, x->stride);
            }
            if (source == PACKED) {
                packed_products(tokens, panels, b->packed, chunk * PANEL_BYTES, b->kept, codes, values, x->stride, sums);
                chunk++;
            } else {
                products(tokens, panels, width, unit, codes, values, x->stride, sums);
            }
            codes += unit * panels * 4 * LANES;
            values += 4 * unit;
        }
        UNROLL
        for (int t = 0; t < tokens; t++) {
            float da = *(const float *) ((const u8 *) (x->scales + g) + t * x->stride);
            int32_t sa = *(const int32_t *) ((const u8 *) (x->sums + g) + t * x->stride);
            UNROLL
            for (int p = 0; p < panels; p++) {
                int at = (g * panels + p) * LANES;
                chain[t][p] = step(extra, chain[t][p], sums[t][p], floats_load(b->scales + at), b->extras + at, da, sa);
            }
        }
    }
    UNROLL
    for (int t = 0; t < tokens; t++) {
        UNROLL
        for (int p = 0; p < panels; p++) {
            floats_store(chains + (t * panels + p) * LANES, chain[t][p]);
        }
    }
}

typedef void tile_of(const struct block *, const struct slice *, struct upcoming *, float *);

#define NAME(tokens, extra, width, length, source) tile_##tokens##_##extra##_##width##_##length##_##source
#define TILE(tokens, extra, width, length, source) \
    static void NAME(tokens, extra, width, length, source)(const struct block *b, const struct slice *x, \
            struct upcoming *next, float *chains) { \
        tile(tokens, extra, width, length, source, b, x, next, chains); \
    }

#if defined(__AVX512F__)
#define EACH(of, ...) of(1, __VA_ARGS__) of(2, __VA_ARGS__) of(3, __VA_ARGS__) of(4, __VA_ARGS__) of(5, __VA_ARGS__) \
    of(6, __VA_ARGS__)
#else
#define EACH(of, ...) of(1, __VA_ARGS__) of(2, __VA_ARGS__) of(3, __VA_ARGS__) of(4, __VA_ARGS__)
#endif
#define NAMED(...) NAME(__VA_ARGS__),

#if VNNI
/* One instruction for all widths. */
#define MIDDLE_WIDTH NARROW
#define SIGNED_WIDTH NARROW
#else
#define MIDDLE_WIDTH MIDDLE
#define SIGNED_WIDTH SIGNED
EACH(TILE, NONE, SIGNED, WHOLE_CHUNK, UNPACKED)
#endif
#define EXPANDED(of, extra, width, length, source) EACH(of, extra, width, length, source)

/* By where codes come from. Without the instruction too few registers are left to unpack in a tile: it costs more than it saves. */
#if VNNI
#define TILES(extra, length) EACH(TILE, extra, NARROW, length, UNPACKED) EACH(TILE, extra, NARROW, length, PACKED)
#define TILES_OF(extra, length) {{EACH(NAMED, extra, NARROW, length, UNPACKED)}, {EACH(NAMED, extra, NARROW, length, PACKED)}}
#else
#define TILES(extra, length) EACH(TILE, extra, NARROW, length, UNPACKED)
#define TILES_OF(extra, length) {{EACH(NAMED, extra, NARROW, length, UNPACKED)}}
#endif

TILES(NONE, WHOLE_CHUNK)
TILES(NONE, CHUNKS)
TILES(ZEROS, WHOLE_CHUNK)
TILES(ZEROS, CHUNKS)
TILES(MINIMA, WHOLE_CHUNK)
EXPANDED(TILE, NONE, MIDDLE_WIDTH, HALF_CHUNK, UNPACKED)

/** Whether a tile can multiply codes from where they lie packed. */
INLINE int unpacks_in_tile(const int kind) {
    return VNNI && is_interleaved(kind);
}

/** The tile for a number of tokens and groups of that many quads. */
INLINE tile_of *tile_for(const int kind, int source, int tokens, int quads) {
    static tile_of *const whole[][1 + VNNI][TOKENS] = {TILES_OF(NONE, WHOLE_CHUNK), TILES_OF(ZEROS, WHOLE_CHUNK),
        TILES_OF(MINIMA, WHOLE_CHUNK)};
    static tile_of *const many[][1 + VNNI][TOKENS] = {TILES_OF(NONE, CHUNKS), TILES_OF(ZEROS, CHUNKS)};
    static tile_of *const half[] = {EXPANDED(NAMED, NONE, MIDDLE_WIDTH, HALF_CHUNK, UNPACKED)};
    static tile_of *const bytes[] = {EXPANDED(NAMED, NONE, SIGNED_WIDTH, WHOLE_CHUNK, UNPACKED)};
    return kind == Q6_K ? half[tokens - 1] : kind == Q8_0 ? bytes[tokens - 1]
            : quads == QUADS || !is_grouped(kind) ? whole[extra_of(kind)][source][tokens - 1]
            : many[extra_of(kind)][source][tokens - 1];
}

#endif
