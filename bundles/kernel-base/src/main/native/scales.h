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
        for (int g = 0; g < groups; g++) {
            memcpy(words + g * LANES + i, from + (long) (g / spread) * step, 2);
        }
    }
    for (int g = 0; g < groups; g++) {
        floats_store(to + g * to_step,
                is_bfloat ? floats_of_bfloats(words + g * LANES) : floats_of_halves(words + g * LANES));
    }
}

/** Scale and, where there are any, minimum of a group of a K-quant: a small integer of the group times a float of the block. */
INLINE void block_scales(const int kind, const u8 *row, int group, float *scale, float *minimum) {
    if (kind == Q6_K) {
        const u8 *block = row + (long) (group / 16) * block_bytes(kind);
        *scale = half_at(block + 208) * (float) (int8_t) block[192 + group % 16];
        return;
    }
    const u8 *block = row + (long) (group / 8) * block_bytes(kind);
    const u8 *b = block + 4 + group % 8;
    int low = group % 8 < 4 ? b[0] & 63 : (b[4] & 15) | b[-4] >> 6 << 4;
    int high = group % 8 < 4 ? b[4] & 63 : b[4] >> 4 | b[0] >> 6 << 4;
    *scale = half_at(block) * (float) low;
    *minimum = -(half_at(block + 2) * (float) high);
}

/**
 * Scales and extras of the groups from first on of the rows from row on, of which the last one may stand for several lanes.
 * Vectors of consecutive groups lie step values apart. An extra is a float minimum, or the negative zero point as a short.
 */
INLINE void panel_scales(const int kind, const struct matrix *m, const u8 *const *rows, const int *numbers, int first, int groups,
        uint16_t *words, float *scales, int32_t *extras, int step) {
    if (kind >= Q4_K) {
        for (int i = 0; i < LANES; i++) {
            for (int g = 0; g < groups; g++) {
                block_scales(kind, rows[i], first + g, scales + g * step + i, (float *) extras + g * step + i);
            }
        }
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
