/*
 * Some tokens by a block of rows whose codes lie unpacked in the scratch memory: the inner loop of a prompt.
 */
#ifndef TILE_H
#define TILE_H

#include "integer.h"

/** How codes are multiplied where no instruction adds four products to an int32: what a pair or two of them may reach. */
enum width {
    /** Codes up to 31: four pairs fit a short. */
    NARROW,
    /** Codes up to 63: two pairs do. */
    MIDDLE,
    /** Signed bytes: one pair does, and the sign must move to the activations. */
    SIGNED
};

INLINE int width_of(int kind) {
    return kind == Q8_0 ? SIGNED : kind == Q6_K ? MIDDLE : NARROW;
}

/** A slice of a block of rows, unpacked. Vectors of the panels of a block lie side by side. */
struct block {
    /** [quad][panel][lane][4] */
    const u8 *codes;
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

#if VNNI

/** Adds the products of four quads of every token and row. */
INLINE void products(const int tokens, const int panels, const int width, const u8 *codes, const u8 *values, long stride,
        Ints sums[TOKENS][PANELS]) {
    (void) width;
    UNROLL
    for (int q = 0; q < 4; q++) {
        Ints w[PANELS];
        UNROLL
        for (int p = 0; p < panels; p++) {
            w[p] = ints_load(codes + (q * panels + p) * 4 * LANES);
        }
        UNROLL
        for (int t = 0; t < tokens; t++) {
            Ints x = quad(values + t * stride + 4 * q);
            UNROLL
            for (int p = 0; p < panels; p++) {
                sums[t][p] = dot(sums[t][p], w[p], x);
            }
        }
    }
}

/** Adds the products of four quads, in registers, of every row and one token. */
INLINE Ints few_products(const int width, const Ints *w, const u8 *values, Ints sum) {
    (void) width;
    UNROLL
    for (int q = 0; q < 4; q++) {
        sum = dot(sum, w[q], quad(values + 4 * q));
    }
    return sum;
}

#else

#if defined(__AVX512F__)
/** The activations with the signs of the codes; where a code is 0 it does not matter. */
#define with_signs(x, w) _mm512_mask_sub_epi8(x, _mm512_movepi8_mask(w), _mm512_setzero_si512(), x)
#define magnitude(w) _mm512_abs_epi8(w)
#else
#define with_signs(x, w) _mm256_sign_epi8(x, w)
#define magnitude(w) _mm256_abs_epi8(w)
#endif

INLINE Ints pairs_of(const int width, Ints w, Ints x) {
    return width == SIGNED ? bytes_pairs(magnitude(w), with_signs(x, w)) : bytes_pairs(w, x);
}

INLINE void products(const int tokens, const int panels, const int width, const u8 *codes, const u8 *values, long stride,
        Ints sums[TOKENS][PANELS]) {
    const int run = width == NARROW ? 4 : width == MIDDLE ? 2 : 1;
    Ints ones = shorts_all(1);
    UNROLL
    for (int first = 0; first < 4; first += run) {
        Ints shorts[TOKENS][PANELS];
        UNROLL
        for (int q = first; q < first + run; q++) {
            Ints w[PANELS];
            UNROLL
            for (int p = 0; p < panels; p++) {
                w[p] = ints_load(codes + (q * panels + p) * 4 * LANES);
            }
            UNROLL
            for (int t = 0; t < tokens; t++) {
                Ints x = quad(values + t * stride + 4 * q);
                UNROLL
                for (int p = 0; p < panels; p++) {
                    Ints pairs = pairs_of(width, w[p], x);
                    shorts[t][p] = q == first ? pairs : shorts_add(shorts[t][p], pairs);
                }
            }
        }
        UNROLL
        for (int t = 0; t < tokens; t++) {
            UNROLL
            for (int p = 0; p < panels; p++) {
                sums[t][p] = ints_add(sums[t][p], shorts_pairs(shorts[t][p], ones));
            }
        }
    }
}

INLINE Ints few_products(const int width, const Ints *w, const u8 *values, Ints sum) {
    const int run = width == NARROW ? 4 : width == MIDDLE ? 2 : 1;
    UNROLL
    for (int first = 0; first < 4; first += run) {
        Ints shorts = pairs_of(width, w[first], quad(values + 4 * first));
        UNROLL
        for (int q = first + 1; q < first + run; q++) {
            shorts = shorts_add(shorts, pairs_of(width, w[q], quad(values + 4 * q)));
        }
        sum = ints_add(sum, shorts_pairs(shorts, shorts_all(1)));
    }
    return sum;
}

#endif

/** Continues the chains, [token][panel][lane], of some tokens by a slice. All but the last three arguments are constants. */
INLINE void tile(const int tokens, const int panels, const int extra, const int width, const struct block *b,
        const struct slice *x, float *chains) {
    Floats chain[TOKENS][PANELS];
    UNROLL
    for (int t = 0; t < tokens; t++) {
        UNROLL
        for (int p = 0; p < panels; p++) {
            chain[t][p] = floats_load(chains + (t * panels + p) * LANES);
        }
    }
    const u8 *codes = b->codes;
    const u8 *values = x->codes;
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
        int quads = g == b->groups - 1 ? b->last_quads : b->quads;
        for (int q = 0; q < quads; q += 4) {
            products(tokens, panels, width, codes, values, x->stride, sums);
            codes += 4 * panels * 4 * LANES;
            values += 16;
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

typedef void tile_of(const struct block *, const struct slice *, float *);

#define TILE(tokens, extra, width) \
    static void tile_##tokens##_##extra##_##width(const struct block *b, const struct slice *x, float *chains) { \
        tile(tokens, PANELS, extra, width, b, x, chains); \
    }

#if defined(__AVX512F__)
#define TILES(extra, width) TILE(1, extra, width) TILE(2, extra, width) TILE(3, extra, width) TILE(4, extra, width) \
    TILE(5, extra, width) TILE(6, extra, width)
#define NAMES(extra, width) {tile_1_##extra##_##width, tile_2_##extra##_##width, tile_3_##extra##_##width, \
    tile_4_##extra##_##width, tile_5_##extra##_##width, tile_6_##extra##_##width}
#else
#define TILES(extra, width) TILE(1, extra, width) TILE(2, extra, width) TILE(3, extra, width) TILE(4, extra, width)
#define NAMES(extra, width) {tile_1_##extra##_##width, tile_2_##extra##_##width, tile_3_##extra##_##width, \
    tile_4_##extra##_##width}
#endif

TILES(NONE, NARROW)
TILES(ZEROS, NARROW)
TILES(MINIMA, NARROW)
#if VNNI
/* One instruction for all widths. */
INLINE tile_of *tile_for(int kind, int tokens) {
    static tile_of *const tiles[][TOKENS] = {NAMES(NONE, NARROW), NAMES(ZEROS, NARROW), NAMES(MINIMA, NARROW)};
    return tiles[extra_of(kind)][tokens - 1];
}
#else
TILES(NONE, MIDDLE)
TILES(NONE, SIGNED)
INLINE tile_of *tile_for(int kind, int tokens) {
    static tile_of *const tiles[][TOKENS] = {NAMES(NONE, NARROW), NAMES(ZEROS, NARROW), NAMES(MINIMA, NARROW),
        NAMES(NONE, MIDDLE), NAMES(NONE, SIGNED)};
    int width = width_of(kind);
    return tiles[width == MIDDLE ? 3 : width == SIGNED ? 4 : extra_of(kind)][tokens - 1];
}
#endif

#endif
