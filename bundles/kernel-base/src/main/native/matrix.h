/*
 * The matrices of docs/formats.md, sixteen or eight rows at a time. A chunk is 32 consecutive columns; a group is what shares a
 * scale with its activations (docs/numerics.md, 1.1): several chunks, one, or half of one.
 */
#ifndef MATRIX_H
#define MATRIX_H

#include "lanes.h"

enum { CHUNK = 32, QUADS = CHUNK / 4 };

/** Rows that lie side by side in a panel of memory, and bytes of their codes of a chunk. */
enum { PANEL_ROWS = 16, PANEL_BYTES = PANEL_ROWS * CHUNK / 2 };

/* As NativeFormat in Java numbers them. */
enum kind { Q4_0, Q4_1, WORDS, WORDS_ZEROS, Q8_0, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K,
    INTERLEAVED, INTERLEAVED_MINIMA, INTERLEAVED_ZEROS };
enum scale_type { F16, BF16, F32 };

/* What a group adds to its sum of products: nothing but a multiple of the activations' sum that prepare knows, a multiple of it
 * that differs from row to row, or a float minimum. */
enum extra { NONE, ZEROS, MINIMA };

struct matrix {
    const u8 *planes[3];
    long strides[3];
    int kind;
    int scale_type;
    int columns;
    /** Columns of a group, the last of a row excepted. */
    int group;
    int groups;
    /** Groups that share a scale of the file. */
    int spread;
};

INLINE int ceil_div(int a, int b) {
    return (a + b - 1) / b;
}

INLINE int extra_of(int kind) {
    switch (kind) {
        case WORDS_ZEROS: case INTERLEAVED_ZEROS: return ZEROS;
        case Q4_1: case Q5_1: case Q4_K: case Q5_K: case INTERLEAVED_MINIMA: return MINIMA;
        default: return NONE;
    }
}

/** The code that stands for zero, as codes enter the sums of this tier. */
INLINE int zero_of(int kind) {
    switch (kind) {
        case Q4_0: case WORDS: case INTERLEAVED: return 8;
        case Q5_0: return 16;
        case Q6_K: return 32;
        case Q8_0: return VNNI ? 128 : 0;
        default: return 0;
    }
}

INLINE int is_words(int kind) {
    return kind == WORDS || kind == WORDS_ZEROS;
}

/** Whether sixteen rows lie side by side, as InterleavedRows in Java says: what the others are brought into by transposing. */
INLINE int is_interleaved(int kind) {
    return kind >= INTERLEAVED;
}

/** Whether a group may be several chunks, the last one of a row shorter. */
INLINE int is_grouped(int kind) {
    return is_words(kind) || kind == INTERLEAVED || kind == INTERLEAVED_ZEROS;
}

INLINE int is_nibbles(int kind) {
    return kind <= WORDS_ZEROS || is_interleaved(kind);
}

/** Whether a chunk is two groups. */
INLINE int is_half(int kind) {
    return kind == Q6_K;
}

/** Bytes of the blocks of a format and how many weights they hold. */
INLINE int block_bytes(int kind) {
    switch (kind) {
        case Q4_0: return 18;
        case Q4_1: return 20;
        case Q8_0: return 34;
        case Q5_0: return 22;
        case Q5_1: return 24;
        case Q4_K: return 144;
        case Q5_K: return 176;
        case Q6_K: return 210;
        default: return 16;
    }
}

INLINE int block_columns(int kind) {
    return kind >= Q4_K ? 256 : CHUNK;
}

/** The i-th bit of a word as 16 in byte i. */
INLINE __m256i fifth_bits(const u8 *at) {
    int32_t word;
    memcpy(&word, at, 4);
    __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(word), _mm256_setr_epi64x(0, 0x0101010101010101,
            0x0202020202020202, 0x0303030303030303));
    __m256i bit = _mm256_set1_epi64x((long long) 0x8040201008040201);
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit), _mm256_set1_epi8(16));
}

INLINE __m256i nibbles(const u8 *at) {
    __m128i both = _mm_loadu_si128((const __m128i *) at);
    return _mm256_and_si256(_mm256_set_m128i(_mm_srli_epi16(both, 4), both), _mm256_set1_epi8(15));
}

INLINE __m256i load32(const u8 *at) {
    return _mm256_loadu_si256((const __m256i *) at);
}

/** Some bits of 32 bytes, shifted down. */
INLINE __m256i bits(const u8 *at, int shift, int mask) {
    return _mm256_and_si256(_mm256_srl_epi16(load32(at), _mm_cvtsi32_si128(shift)), _mm256_set1_epi8(mask));
}

/** The codes of a chunk of one row, for the kinds that are not two plain nibbles a byte. */
INLINE __m256i row_codes(const int kind, const u8 *row, int chunk) {
    const u8 *block = row + (long) (chunk * CHUNK / block_columns(kind)) * block_bytes(kind);
    int part = chunk % 8;
    switch (kind) {
        case Q8_0:
            return VNNI ? _mm256_xor_si256(load32(block + 2), _mm256_set1_epi8((char) 0x80)) : load32(block + 2);
        case Q5_0:
            return _mm256_or_si256(nibbles(block + 6), fifth_bits(block + 2));
        case Q5_1:
            return _mm256_or_si256(nibbles(block + 8), fifth_bits(block + 4));
        case Q4_K:
            return bits(block + 16 + part / 2 * 32, part % 2 * 4, 15);
        case Q5_K:
            return _mm256_or_si256(bits(block + 48 + part / 2 * 32, part % 2 * 4, 15),
                    _mm256_slli_epi16(bits(block + 16, part, 1), 4));
        default: {
            int half = part / 4;
            int run = part % 4;
            return _mm256_or_si256(bits(block + 64 * half + 32 * (run % 2), run / 2 * 4, 15),
                    _mm256_slli_epi16(bits(block + 128 + 32 * half, 2 * run, 3), 4));
        }
    }
}

/** Turns four vectors, each of the same sixteen bytes of every fourth row, into four of a quad of every row. */
INLINE void transpose(Ints a[4]) {
    Ints even_low = low32(a[0], a[1]);
    Ints odd_low = low32(a[2], a[3]);
    Ints even_high = high32(a[0], a[1]);
    Ints odd_high = high32(a[2], a[3]);
    a[0] = low64(even_low, odd_low);
    a[1] = high64(even_low, odd_low);
    a[2] = low64(even_high, odd_high);
    a[3] = high64(even_high, odd_high);
}

/** The lower four bits of every byte. */
INLINE Ints low_half(Ints both) {
    return ints_and(both, bytes_all(15));
}

/** The upper four bits of every byte. */
INLINE Ints high_half(Ints both) {
    return ints_and(shorts_right(both, 4), bytes_all(15));
}

/** The low halves of four vectors of bytes, then the high ones. */
INLINE void halves(const Ints both[4], Ints quads[QUADS]) {
    UNROLL
    for (int j = 0; j < 4; j++) {
        quads[j] = low_half(both[j]);
        quads[j + 4] = high_half(both[j]);
    }
}

/** The codes of a chunk of every row of a panel, four columns a vector. Reads nothing outside the rows. */
INLINE void chunk_codes(const int kind, const struct matrix *m, const u8 *const *rows, int chunk, Ints quads[QUADS]) {
    if (is_interleaved(kind)) {
        Ints both[4];
        UNROLL
        for (int j = 0; j < 4; j++) {
            both[j] = ints_load(rows[0] + (long) chunk * PANEL_BYTES + j * 4 * PANEL_ROWS);
        }
        halves(both, quads);
    } else if (is_nibbles(kind)) {
        long at = (long) chunk * block_bytes(kind) + (kind == Q4_0 ? 2 : kind == Q4_1 ? 4 : 0);
        Ints both[4];
        long left = m->strides[0] - at;
        if (is_words(kind) && left < 16) {
            u8 copies[LANES][16] = {{0}};
            const u8 *copied[LANES];
            for (int i = 0; i < LANES; i++) {
                memcpy(copies[i], rows[i] + at, (size_t) left);
                copied[i] = copies[i];
            }
            for (int j = 0; j < 4; j++) {
                both[j] = rows_load(copied, j, 0);
            }
        } else {
            UNROLL
            for (int j = 0; j < 4; j++) {
                both[j] = rows_load(rows, j, at);
            }
        }
        transpose(both);
        halves(both, quads);
    } else {
        u8 codes[LANES][CHUNK] __attribute__((aligned(64)));
        const u8 *lines[LANES];
        for (int i = 0; i < LANES; i++) {
            _mm256_store_si256((__m256i *) codes[i], row_codes(kind, rows[i], chunk));
            lines[i] = codes[i];
        }
        UNROLL
        for (int j = 0; j < 4; j++) {
            quads[j] = rows_load(lines, j, 0);
            quads[j + 4] = rows_load(lines, j, 16);
        }
        transpose(quads);
        transpose(quads + 4);
    }
}

#endif
