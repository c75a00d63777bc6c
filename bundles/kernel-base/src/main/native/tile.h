/*
 * Some tokens by a block of rows whose codes lie unpacked in the scratch memory: the inner loop of a prompt.
 */
#ifndef TILE_H
#define TILE_H

#include "ahead.h"
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

/** Adds the products of a unit of quads of every token and row. */
INLINE void products(const int tokens, const int panels, const int width, const int unit, const u8 *codes, const u8 *values,
        long stride, Ints sums[TOKENS][PANELS]) {
    (void) width;
    UNROLL
    for (int q = 0; q < unit; q++) {
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

INLINE void products(const int tokens, const int panels, const int width, const int unit, const u8 *codes, const u8 *values,
        long stride, Ints sums[TOKENS][PANELS]) {
    const int run = width == NARROW ? 4 : width == MIDDLE ? 2 : 1;
    Ints ones = shorts_all(1);
    UNROLL
    for (int first = 0; first < unit; first += run) {
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

/** How many quads a group has: four, eight or a multiple of eight. */
enum length { HALF_CHUNK, WHOLE_CHUNK, CHUNKS };

/** Asks for the activations of the next tile, which lie too far apart for the processor to guess. */
INLINE void prefetch_tokens(const int tokens, const u8 *values, long stride) {
    UNROLL
    for (int t = 0; t < tokens; t++) {
        _mm_prefetch((const char *) values + (t + tokens) * stride, _MM_HINT_T0);
    }
}

/** Continues the chains, [token][panel][lane], of some tokens by a slice. All but the last four arguments are constants. */
INLINE void tile(const int tokens, const int extra, const int width, const int length, const struct block *b,
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
        prefetch_parts(next);
        int quads = length != CHUNKS ? unit : g == b->groups - 1 ? b->last_quads : b->quads;
        for (int q = 0; q < quads; q += unit) {
            if (tokens == TOKENS) {
                prefetch_tokens(tokens, values, x->stride);
            }
            products(tokens, panels, width, unit, codes, values, x->stride, sums);
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

#define TILE(tokens, extra, width, length) \
    static void tile_##tokens##_##extra##_##width##_##length(const struct block *b, const struct slice *x, \
            struct upcoming *next, float *chains) { \
        tile(tokens, extra, width, length, b, x, next, chains); \
    }
#define NAME(tokens, extra, width, length) tile_##tokens##_##extra##_##width##_##length

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
EACH(TILE, NONE, SIGNED, WHOLE_CHUNK)
#endif
#define EXPANDED(of, extra, width, length) EACH(of, extra, width, length)

EACH(TILE, NONE, NARROW, WHOLE_CHUNK)
EACH(TILE, NONE, NARROW, CHUNKS)
EACH(TILE, ZEROS, NARROW, WHOLE_CHUNK)
EACH(TILE, ZEROS, NARROW, CHUNKS)
EACH(TILE, MINIMA, NARROW, WHOLE_CHUNK)
EXPANDED(TILE, NONE, MIDDLE_WIDTH, HALF_CHUNK)

/** The tile for a number of tokens and groups of that many quads. */
INLINE tile_of *tile_for(const int kind, int tokens, int quads) {
    static tile_of *const whole[][TOKENS] = {{EACH(NAMED, NONE, NARROW, WHOLE_CHUNK)}, {EACH(NAMED, ZEROS, NARROW, WHOLE_CHUNK)},
        {EACH(NAMED, MINIMA, NARROW, WHOLE_CHUNK)}};
    static tile_of *const many[][TOKENS] = {{EACH(NAMED, NONE, NARROW, CHUNKS)}, {EACH(NAMED, ZEROS, NARROW, CHUNKS)}};
    static tile_of *const half[] = {EXPANDED(NAMED, NONE, MIDDLE_WIDTH, HALF_CHUNK)};
    static tile_of *const bytes[] = {EXPANDED(NAMED, NONE, SIGNED_WIDTH, WHOLE_CHUNK)};
    return kind == Q6_K ? half[tokens - 1] : kind == Q8_0 ? bytes[tokens - 1]
            : quads == QUADS || !is_grouped(kind) ? whole[extra_of(kind)][tokens - 1] : many[extra_of(kind)][tokens - 1];
}

#endif
