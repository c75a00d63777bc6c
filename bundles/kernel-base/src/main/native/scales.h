/*
 * The scales of some groups of a panel of rows, widened and side by side: one vector for each group.
 */
#ifndef SCALES_H
#define SCALES_H

#include "matrix.h"

INLINE float half_at(const u8 *at) {
    uint16_t half;
    memcpy(&half, at, 2);
    return _cvtsh_ss(half);
}

/** Brings 16-bit values of every row side by side, and then widens them: a store must not be read at once by a wider load. */
INLINE void gather_halves(const u8 *const *rows, long at, int step, int groups, int spread, int is_bfloat, uint16_t *words,
        float *to, int to_step) {
    for (int i = 0; i < LANES; i++) {
        const u8 *from = rows[i] + at;
        uint16_t *line = words + i;
        int g = 0;
        for (; spread == 1 && g + 8 <= groups; g += 8) {
            UNROLL
            for (int k = 0; k < 8; k++) {
                memcpy(line + k * LANES, from + k * step, 2);
            }
            from += 8 * step;
            line += 8 * LANES;
        }
        for (int left = spread; g < groups; g++) {
            memcpy(line, from, 2);
            line += LANES;
            left--;
            if (left == 0) {
                left = spread;
                from += step;
            }
        }
    }
    for (int g = 0; g < groups; g++) {
        floats_store(to + g * to_step,
                is_bfloat ? floats_of_bfloats(words + g * LANES) : floats_of_halves(words + g * LANES));
    }
}

/** Eight unsigned bytes times a float. */
INLINE void times(uint32_t low, uint32_t high, float factor, float *to) {
    __m256i bytes = _mm256_cvtepu8_epi32(_mm_insert_epi32(_mm_cvtsi32_si128((int) low), (int) high, 1));
    _mm256_storeu_ps(to, _mm256_mul_ps(_mm256_cvtepi32_ps(bytes), _mm256_set1_ps(factor)));
}

/** The scales, and minima where there are any, of all groups of a block of a K-quant: small integers times floats. */
INLINE void block_scales(const int kind, const u8 *block, float *scales, float *minima) {
    if (kind == Q6_K) {
        __m256 d = _mm256_set1_ps(half_at(block + 208));
        for (int i = 0; i < 16; i += 8) {
            __m256i bytes = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *) (block + 192 + i)));
            _mm256_storeu_ps(scales + i, _mm256_mul_ps(_mm256_cvtepi32_ps(bytes), d));
        }
        return;
    }
    // Six bits of eight scales, then of eight minima, of which the upper four have their highest two bits with the lower four.
    uint32_t words[3];
    memcpy(words, block + 4, sizeof words);
    times(words[0] & 0x3f3f3f3f, (words[2] & 0x0f0f0f0f) | (words[0] >> 2 & 0x30303030), half_at(block), scales);
    times(words[1] & 0x3f3f3f3f, (words[2] >> 4 & 0x0f0f0f0f) | (words[1] >> 2 & 0x30303030), half_at(block + 2), minima);
    __m256 sign = _mm256_set1_ps(-0.0f);
    _mm256_storeu_ps(minima, _mm256_xor_ps(_mm256_loadu_ps(minima), sign));
}

/** Scales of groups of K-quants; slices begin where a block does. */
INLINE void panel_block_scales(const int kind, const u8 *const *rows, int first, int groups, float *scales, float *extras,
        int step) {
    const int of_block = kind == Q6_K ? 16 : 8;
    for (int g = 0; g < groups; g += of_block) {
        float lines[LANES][16];
        float minima[LANES][8];
        for (int i = 0; i < LANES; i++) {
            block_scales(kind, rows[i] + (long) ((first + g) / of_block) * block_bytes(kind), lines[i], minima[i]);
        }
        for (int k = 0; k < of_block && g + k < groups; k++) {
            for (int i = 0; i < LANES; i++) {
                scales[(g + k) * step + i] = lines[i][k];
            }
            if (kind != Q6_K) {
                for (int i = 0; i < LANES; i++) {
                    extras[(g + k) * step + i] = minima[i][k];
                }
            }
        }
    }
}

/** As panel_scales, where the rows of a panel lie side by side: nothing is gathered. */
INLINE void interleaved_scales(const int kind, const struct matrix *m, int row, int first, int groups, float *scales,
        int32_t *extras, int step) {
    long panel = row / PANEL_ROWS;
    int lane = row % PANEL_ROWS;
    const u8 *scale = m->planes[1] + panel * m->strides[1] + 2 * lane;
    const u8 *extra = m->planes[2] + panel * m->strides[2] + (kind == INTERLEAVED_MINIMA ? 2 : 1) * lane;
    for (int g = 0; g < groups; g++) {
        const u8 *at = scale + (long) (first + g) * 2 * PANEL_ROWS;
        floats_store(scales + g * step, m->scale_type == BF16 ? floats_of_bfloats(at) : floats_of_halves(at));
        if (kind == INTERLEAVED_MINIMA) {
            floats_store((float *) extras + g * step, floats_of_halves(extra + (long) (first + g) * 2 * PANEL_ROWS));
        } else if (kind == INTERLEAVED_ZEROS) {
            Ints zeros = ints_of_bytes(extra + (long) (first + g) * PANEL_ROWS);
            ints_store(extras + g * step, ints_and(ints_sub(ints_zero(), zeros), ints_all(0xffff)));
        }
    }
}

/**
 * Scales and extras of the groups from first on of the rows from row on, of which the last one may stand for several lanes.
 * Vectors of consecutive groups lie step values apart. An extra is a float minimum, or the negative zero point as a short.
 */
INLINE void panel_scales(const int kind, const struct matrix *m, const u8 *const *rows, const int *numbers, int first, int groups,
        uint16_t *words, float *scales, int32_t *extras, int step) {
    if (is_interleaved(kind)) {
        interleaved_scales(kind, m, numbers[0], first, groups, scales, extras, step);
        return;
    }
    if (kind >= Q4_K) {
        panel_block_scales(kind, rows, first, groups, scales, (float *) extras, step);
        return;
    }
    if (!is_words(kind)) {
        long at = (long) first * block_bytes(kind);
        gather_halves(rows, at, block_bytes(kind), groups, 1, 0, words, scales, step);
        if (extra_of(kind) == MINIMA) {
            gather_halves(rows, at + 2, block_bytes(kind), groups, 1, 0, words, (float *) extras, step);
        }
        return;
    }
    const u8 *lines[LANES];
    for (int i = 0; i < LANES; i++) {
        lines[i] = m->planes[1] + numbers[i] * m->strides[1];
    }
    // Slices begin where a scale of the file does, or lie inside one.
    int bytes = m->scale_type == F32 ? 4 : 2;
    long at = (long) (first / m->spread) * bytes;
    int shift = first % m->spread;
    if (m->scale_type == F32 || shift != 0) {
        for (int i = 0; i < LANES; i++) {
            for (int g = 0; g < groups; g++) {
                const u8 *from = lines[i] + at + (long) ((g + shift) / m->spread) * bytes;
                uint32_t bits = 0;
                memcpy(&bits, from, (size_t) bytes);
                float value = m->scale_type == F16 ? _cvtsh_ss((uint16_t) bits) : 0;
                if (m->scale_type != F16) {
                    bits <<= m->scale_type == BF16 ? 16 : 0;
                    memcpy(&value, &bits, 4);
                }
                scales[g * step + i] = value;
            }
        }
    } else {
        gather_halves(lines, at, bytes, groups, m->spread, m->scale_type == BF16, words, scales, step);
    }
    if (kind == WORDS_ZEROS) {
        for (int i = 0; i < LANES; i++) {
            const u8 *line = m->planes[2] + numbers[i] / 8 * m->strides[2] + numbers[i] % 8 / 2;
            for (int g = 0; g < groups; g++) {
                int zero = line[(long) ((first + g) / m->spread) * 4] >> numbers[i] % 2 * 4 & 15;
                extras[g * step + i] = -zero & 0xffff;
            }
        }
    }
}

#endif
