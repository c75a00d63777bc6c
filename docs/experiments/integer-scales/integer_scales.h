/*
 * The least that integer scales need to be multiplied fast by AVX512-VNNI, and a plain loop to compare it with.
 *
 * Planes of integer scales, sixteen rows (a panel) side by side, rows being lanes as in lanes.h:
 *   0  codes + 8, as plane 0 of the interleaved layouts (docs/formats.md)
 *   1  uint32[panels][blocks][16]: of each row the integer scale of group g of a block of 256 columns in bits 4g to 4g + 3
 *   2  binary16[panels][blocks][16]: the scale of a block
 * Activations have one scale for 256 columns, too, so that within them nothing but integers is added.
 */
#ifndef INTEGER_SCALES_H
#define INTEGER_SCALES_H

#include <math.h>
#include "tile.h"

enum { BLOCK = 256, GROUPS = BLOCK / CHUNK, SLICE = 512, TALL = PANELS * LANES, MOST_TOKENS = 512 };

/** What is added to the product of a code and an integer scale, -120 to 105, to make it unsigned. */
enum { ZERO = 120 };

/** A matrix in both kinds of layout, and one row of results for each token. */
struct work {
    int rows;
    int columns;
    int tokens;
    u8 *codes;
    u8 *plain_scales;
    uint32_t *integers;
    uint16_t *scales;
    /** As alcove_prepare wrote them, for groups of 32 and 128. */
    u8 *prepared[2];
    /** int8[columns], float[blocks], int32[blocks] (-120 times a block's sum), int32[columns / 32] (-8 times a group's). */
    u8 *blocked;
    long stride;
    float *y;
    u8 *memory;
};

INLINE long blocks_at(const struct work *w) {
    return aligned(w->columns);
}

INLINE const float *block_scales(const struct work *w, int token) {
    return (const float *) (w->blocked + token * w->stride + blocks_at(w));
}

INLINE const int32_t *block_sums(const struct work *w, int token) {
    return (const int32_t *) (block_scales(w, token) + w->columns / BLOCK);
}

INLINE const int32_t *group_sums(const struct work *w, int token) {
    return block_sums(w, token) + w->columns / BLOCK;
}

/** Activations to bytes by one scale for 256 columns. Not timed: plain groups' are no dearer. */
static void prepare_blocks(struct work *w, const float *x) {
    for (int t = 0; t < w->tokens; t++) {
        int8_t *codes = (int8_t *) w->blocked + t * w->stride;
        for (int b = 0; b < w->columns / BLOCK; b++) {
            const float *from = x + (long) t * w->columns + b * BLOCK;
            float largest = 0;
            for (int i = 0; i < BLOCK; i++) {
                largest = fmaxf(largest, fabsf(from[i]));
            }
            ((float *) block_scales(w, t))[b] = largest / 127;
            int32_t sum = 0;
            for (int g = 0; g < GROUPS; g++) {
                int32_t of_group = 0;
                for (int i = g * CHUNK; i < (g + 1) * CHUNK; i++) {
                    codes[b * BLOCK + i] = (int8_t) rintf(from[i] * (127 / largest));
                    of_group += codes[b * BLOCK + i];
                }
                ((int32_t *) group_sums(w, t))[b * GROUPS + g] = -8 * of_group;
                sum += of_group;
            }
            ((int32_t *) block_sums(w, t))[b] = -ZERO * sum;
        }
    }
}

INLINE const u8 *codes_of(const struct work *w, int row, int chunk) {
    return w->codes + ((long) row / LANES * (w->columns / CHUNK) + chunk) * PANEL_BYTES;
}

INLINE Ints codes_and_integers(const struct work *w, int row, int chunk, Ints quads[QUADS]) {
    Ints both[4];
    UNROLL
    for (int j = 0; j < 4; j++) {
        both[j] = ints_load(codes_of(w, row, chunk) + j * 4 * LANES);
    }
    halves(both, quads);
    long block = (long) row / LANES * (w->columns / BLOCK) + chunk / GROUPS;
    Ints all = _mm512_srl_epi32(ints_load(w->integers + block * LANES), _mm_cvtsi32_si128(chunk % GROUPS * 4));
    return ints_and(all, ints_all(15));
}

INLINE Floats scales_of(const struct work *w, int row, int block) {
    return floats_of_halves(w->scales + ((long) row / LANES * (w->columns / BLOCK) + block) * LANES);
}

/** Codes times integer scales, as unsigned bytes: both bytes of a short at once, since no product is above 15 * 15. */
INLINE void expand(const struct work *w, int row, int chunk, u8 *to) {
    Ints quads[QUADS];
    Ints k = codes_and_integers(w, row, chunk, quads);
    Ints factor = _mm512_or_si512(k, _mm512_slli_epi32(k, 16));
    Ints rest = ints_sub(ints_all(ZERO), _mm512_slli_epi32(k, 3));
    rest = _mm512_shuffle_epi8(rest, _mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0));
    UNROLL
    for (int q = 0; q < QUADS; q++) {
        ints_store(to + q * PANELS * 4 * LANES, _mm512_add_epi8(_mm512_mullo_epi16(quads[q], factor), rest));
    }
}

/** Many tokens: as many() of multiply.c, save that a group is 256 columns. */
static void multiply_many(const struct work *w, int first, int end) {
    static u8 codes[SLICE * TALL] __attribute__((aligned(64)));
    static float scales[SLICE / BLOCK * TALL] __attribute__((aligned(64)));
    static float chains[MOST_TOKENS * TALL] __attribute__((aligned(64)));
    for (int row = first; row < end; row += TALL) {
        memset(chains, 0, sizeof(float) * TALL * (size_t) w->tokens);
        for (int column = 0; column < w->columns; column += SLICE) {
            int width = w->columns - column < SLICE ? w->columns - column : SLICE;
            for (int c = 0; c < width / CHUNK; c++) {
                for (int p = 0; p < PANELS; p++) {
                    expand(w, row + p * LANES, column / CHUNK + c, codes + (c * QUADS * PANELS + p) * 4 * LANES);
                }
            }
            for (int b = 0; b < width / BLOCK; b++) {
                for (int p = 0; p < PANELS; p++) {
                    floats_store(scales + (b * PANELS + p) * LANES, scales_of(w, row + p * LANES, column / BLOCK + b));
                }
            }
            struct block block = {codes, scales, (const int32_t *) scales, width / BLOCK, BLOCK / 4, BLOCK / 4};
            for (int t = 0, tokens; t < w->tokens; t += tokens) {
                tokens = ceil_div(w->tokens - t, ceil_div(w->tokens - t, TOKENS));
                struct slice slice = {w->blocked + t * w->stride + column, block_scales(w, t) + column / BLOCK,
                    block_sums(w, t) + column / BLOCK, w->stride};
                tile_for(INTERLEAVED, tokens, BLOCK / 4)(&block, &slice, chains + t * TALL);
            }
        }
        for (int t = 0; t < w->tokens; t++) {
            memcpy(w->y + (long) t * w->rows + row, chains + t * TALL, sizeof(float) * TALL);
        }
    }
}

/** Adds the low shorts of a times those of b, whose high shorts are 0. */
INLINE Ints low_products(Ints sum, Ints a, Ints b) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
}

/** One token: sums of groups fit a short (8 * 127 * 32): one instruction multiplies them by their integers and adds them. */
static void multiply_one(const struct work *w, int first, int end) {
    const int32_t *sums = group_sums(w, 0);
    for (int row = first; row < end; row += LANES) {
        Floats chain = floats_all(0);
        for (int b = 0; b < w->columns / BLOCK; b++) {
            Ints total = ints_zero();
            for (int g = 0; g < GROUPS; g++) {
                int chunk = b * GROUPS + g;
                Ints quads[QUADS];
                Ints k = codes_and_integers(w, row, chunk, quads);
                const u8 *values = w->blocked + chunk * CHUNK;
                Ints sum = few_products(NARROW, quads, values, ints_all(sums[chunk]));
                Ints other = few_products(NARROW, quads + 4, values + 16, ints_zero());
                total = low_products(total, ints_add(sum, other), k);
                UNROLL
                for (int i = 0; i < PANEL_BYTES; i += 64) {
                    _mm_prefetch((const char *) codes_of(w, row, chunk) + 4096 + i, _MM_HINT_T0);
                }
            }
            chain = floats_fma(floats_of_ints(total), floats_mul(scales_of(w, row, b), floats_all(block_scales(w, 0)[b])), chain);
        }
        floats_store(w->y + row, chain);
    }
}

static void integer_scales(const struct work *w, int first, int end) {
    if (w->tokens == 1) {
        multiply_one(w, first, end);
    } else {
        multiply_many(w, first, end);
    }
}

/** The result that a plain loop over one row gives, to be equal in every bit. */
static float reference(const struct work *w, int token, int row) {
    const int8_t *x = (const int8_t *) w->blocked + token * w->stride;
    long panel = (long) row / LANES * (w->columns / BLOCK);
    float chain = 0;
    for (int b = 0; b < w->columns / BLOCK; b++) {
        int32_t sum = 0;
        uint32_t integers = w->integers[(panel + b) * LANES + row % LANES];
        for (int i = 0; i < BLOCK; i++) {
            int in = i % 16;
            u8 byte = codes_of(w, row, (b * BLOCK + i) / CHUNK)[in / 4 * 4 * LANES + row % LANES * 4 + in % 4];
            int code = (i % CHUNK < 16 ? byte & 15 : byte >> 4) - 8;
            sum += code * (int) (integers >> i / CHUNK * 4 & 15) * x[b * BLOCK + i];
        }
        chain = fmaf((float) sum, _cvtsh_ss(w->scales[(panel + b) * LANES + row % LANES]) * block_scales(w, token)[b], chain);
    }
    return chain;
}

#endif
