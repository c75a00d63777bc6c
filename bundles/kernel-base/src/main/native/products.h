/*
 * Products of codes and activations, as each tier has the instructions for: the heart of a tile.
 */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "matrix.h"

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

/** Unpacked codes of a quad, of each panel. */
INLINE void load_quad(const int panels, const u8 *codes, int q, Ints w[PANELS]) {
    UNROLL
    for (int p = 0; p < panels; p++) {
        w[p] = ints_load(codes + (q * panels + p) * 4 * LANES);
    }
}

#if VNNI

/** Adds the products of a quad, in registers, of every token and row. */
INLINE void quad_products(const int tokens, const int panels, const Ints w[PANELS], const u8 *values, long stride,
        Ints sums[TOKENS][PANELS]) {
    UNROLL
    for (int t = 0; t < tokens; t++) {
        Ints x = quad(values + t * stride);
        UNROLL
        for (int p = 0; p < panels; p++) {
            sums[t][p] = dot(sums[t][p], w[p], x);
        }
    }
}

/** Adds the products of a unit of quads of every token and row. */
INLINE void products(const int tokens, const int panels, const int width, const int unit, const u8 *codes, const u8 *values,
        long stride, Ints sums[TOKENS][PANELS]) {
    (void) width;
    UNROLL
    for (int q = 0; q < unit; q++) {
        Ints w[PANELS];
        load_quad(panels, codes, q, w);
        quad_products(tokens, panels, w, values + 4 * q, stride, sums);
    }
}

/**
 * Adds the products of a chunk of every token and row whose codes lie packed, panels apart. The order of quads is another: integers
 * do not mind. Where they are kept, they are written unpacked, too.
 */
INLINE void packed_products(const int tokens, const int panels, const u8 *const *packed, long at, int kept, u8 *codes,
        const u8 *values, long stride, Ints sums[TOKENS][PANELS]) {
    UNROLL
    for (int j = 0; j < QUADS / 2; j++) {
        Ints w[2][PANELS];
        UNROLL
        for (int p = 0; p < panels; p++) {
            Ints both = ints_load(packed[p] + at + j * 4 * PANEL_ROWS);
            w[0][p] = low_half(both);
            w[1][p] = high_half(both);
            if (kept) {
                ints_store(codes + (j * panels + p) * 4 * LANES, w[0][p]);
                ints_store(codes + ((j + QUADS / 2) * panels + p) * 4 * LANES, w[1][p]);
            }
        }
        quad_products(tokens, panels, w[0], values + 4 * j, stride, sums);
        quad_products(tokens, panels, w[1], values + 4 * (j + QUADS / 2), stride, sums);
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

#define packed_products(...) (void) 0

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
            load_quad(panels, codes, q, w);
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

#endif
