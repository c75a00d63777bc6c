/*
 * The products of docs/numerics.md, section 2: sixteen virtual lanes for each row and token, one vector of 512 bits or two of 256.
 * A tile is a few rows by a few tokens; each row is widened to float32 once for the tokens of a tile, in registers.
 */
#include <math.h>

#include "lanes.h"

/* As DenseFormat in Java numbers them. */
enum dense { DENSE_F32, DENSE_F16, DENSE_BF16 };

enum { VIRTUAL = 16, PARTS = VIRTUAL / LANES };

#if defined(__AVX512F__)
enum { TILE_ROWS = 6, TILE_TOKENS = 4 };
#else
enum { TILE_ROWS = 2, TILE_TOKENS = 2 };
#endif

/** Bytes of activations that are met by all rows before the next ones are: they stay in the second-level cache. */
enum { KEPT = 256 * 1024 };

struct dense_call {
    const u8 *x;
    long x_stride;
    const u8 *w;
    long w_stride;
    int columns;
    int rows;
    u8 *y;
};

INLINE long dense_bytes(const int format) {
    return format == DENSE_F32 ? 4 : 2;
}

INLINE Floats widen(const int format, const u8 *at) {
    return format == DENSE_F32 ? floats_load((const float *) at)
            : format == DENSE_F16 ? floats_of_halves(at) : floats_of_bfloats(at);
}

INLINE float widen_one(const int format, const u8 *at) {
    uint32_t bits = 0;
    memcpy(&bits, at, (size_t) dense_bytes(format));
    if (format == DENSE_F16) {
        return _cvtsh_ss((uint16_t) bits);
    }
    bits <<= format == DENSE_BF16 ? 16 : 0;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

/** Adds the lanes at a distance of 8, 4, 2 and 1. */
INLINE float tree(const Floats parts[PARTS]) {
#if defined(__AVX512F__)
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(parts[0]), _mm512_extractf32x8_ps(parts[0], 1));
#else
    __m256 eight = _mm256_add_ps(parts[0], parts[1]);
#endif
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

/** Adds the columns beyond the last sixteen, each to its lane. */
INLINE void add_rest(const int format, const struct dense_call *call, const u8 *w, const u8 *x, Floats parts[PARTS]) {
    float lanes[VIRTUAL];
    for (int i = 0; i < PARTS; i++) {
        floats_store(lanes + i * LANES, parts[i]);
    }
    for (int c = call->columns & -VIRTUAL; c < call->columns; c++) {
        lanes[c % VIRTUAL] = fmaf(widen_one(DENSE_F32, x + 4L * c), widen_one(format, w + dense_bytes(format) * c),
                lanes[c % VIRTUAL]);
    }
    for (int i = 0; i < PARTS; i++) {
        parts[i] = floats_load(lanes + i * LANES);
    }
}

/** Some rows by some tokens. Rows from end on are computed as the last one and dropped. */
INLINE void dense_tile(const int format, const int rows, const int tokens, const struct dense_call *call, int row, int end,
        int token) {
    const u8 *w[TILE_ROWS * 2];
    const u8 *x[TILE_TOKENS];
    Floats sums[TILE_ROWS * 2][TILE_TOKENS][PARTS];
    UNROLL
    for (int r = 0; r < rows; r++) {
        w[r] = call->w + (row + r < end ? row + r : end - 1) * call->w_stride;
        UNROLL
        for (int t = 0; t < tokens; t++) {
            UNROLL
            for (int i = 0; i < PARTS; i++) {
                sums[r][t][i] = floats_all(0);
            }
        }
    }
    UNROLL
    for (int t = 0; t < tokens; t++) {
        x[t] = call->x + (token + t) * call->x_stride;
    }
    for (long c = 0; c + VIRTUAL <= call->columns; c += VIRTUAL) {
        UNROLL
        for (int i = 0; i < PARTS; i++) {
            Floats values[TILE_TOKENS];
            UNROLL
            for (int t = 0; t < tokens; t++) {
                values[t] = floats_load((const float *) (x[t] + 4 * (c + i * LANES)));
            }
            UNROLL
            for (int r = 0; r < rows; r++) {
                Floats weights = widen(format, w[r] + dense_bytes(format) * (c + i * LANES));
                UNROLL
                for (int t = 0; t < tokens; t++) {
                    sums[r][t][i] = floats_fma(values[t], weights, sums[r][t][i]);
                }
            }
        }
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
        UNROLL
        for (int t = 0; t < tokens; t++) {
            if (row + r < end) {
                if (call->columns % VIRTUAL != 0) {
                    add_rest(format, call, w[r], x[t], sums[r][t]);
                }
                float sum = tree(sums[r][t]);
                memcpy(call->y + 4 * ((long) (token + t) * call->rows + row + r), &sum, 4);
            }
        }
    }
}

INLINE void dense_rows(const int format, const struct dense_call *call, int first, int end, int tokens) {
    long kept = KEPT / (call->x_stride + 1) / TILE_TOKENS * TILE_TOKENS;
    kept = kept < TILE_TOKENS ? TILE_TOKENS : kept;
    for (int from = 0; from < tokens; from += (int) kept) {
        int to = tokens - from < kept ? tokens : from + (int) kept;
        int whole = from + (to - from) / TILE_TOKENS * TILE_TOKENS;
        for (int row = first; row < end && whole > from; row += TILE_ROWS) {
            for (int t = from; t < whole; t += TILE_TOKENS) {
                dense_tile(format, TILE_ROWS, TILE_TOKENS, call, row, end, t);
            }
        }
        for (int row = first; row < end && whole < to; row += TILE_ROWS * 2) {
            for (int t = whole; t < to; t++) {
                dense_tile(format, TILE_ROWS * 2, 1, call, row, end, t);
            }
        }
    }
}

#define DENSE_ROWS(format) \
    static __attribute__((noinline)) void rows_of_##format(const struct dense_call *call, int first, int end, int tokens) { \
        dense_rows(format, call, first, end, tokens); \
    }

DENSE_ROWS(DENSE_F32)
DENSE_ROWS(DENSE_F16)
DENSE_ROWS(DENSE_BF16)

/**
 * The products of some tokens and the rows from first to end.
 *
 * @param x float32, token by token, x_stride bytes from one to the next
 * @param y float32 [tokens][rows of the matrix]
 */
EXPORT void alcove_dense_multiply(const u8 *x, long x_stride, int tokens, int format, int rows, int columns, const u8 *weights,
        int first, int end, u8 *y) {
    struct dense_call call = {x, x_stride, weights, dense_bytes(format) * columns, columns, rows, y};
    static void (*const functions[])(const struct dense_call *, int, int, int) =
            {rows_of_DENSE_F32, rows_of_DENSE_F16, rows_of_DENSE_BF16};
    functions[format](&call, first, end, tokens);
}

/** Widens some weights to float32. */
EXPORT void alcove_dense_unpack(const u8 *weights, int format, long count, u8 *to) {
    long i = 0;
    for (; i + LANES <= count; i += LANES) {
        floats_store_some(to + 4 * i, widen(format, weights + dense_bytes(format) * i), 0, LANES);
    }
    for (; i < count; i++) {
        float value = widen_one(format, weights + dense_bytes(format) * i);
        memcpy(to + 4 * i, &value, 4);
    }
}
