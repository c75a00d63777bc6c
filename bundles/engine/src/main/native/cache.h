/* A block of the KV cache, docs/numerics.md section 7: keys as [column][position], values as [position][column], by key head. */
#ifndef ALCOVE_CACHE_H
#define ALCOVE_CACHE_H

#include "attention.h"
#include "lanes.h"

/* Bytes of the keys, or of the values, of one key head within a block. */
INLINE int64_t head_bytes(const struct step *s) {
    int64_t count = (int64_t) KEYS * s->size;
    switch (s->type) {
        case KV_F16: return 2 * count;
        case KV_INT8: return count + 4 * KEYS;
        default: return 4 * count;
    }
}

/* The keys, or the values, of a block, widened to float32. */
INLINE void widen(const struct step *s, const uint8_t *from, int keys_first, float *to) {
    int count = KEYS * s->size;
    if (s->type == KV_F16) {
        for (int i = 0; i < count; i += LANES) {
            store(to + i, widen_half((const uint16_t *) from + i));
        }
        return;
    }
    const float *scales = (const float *) (from + count);
    const int8_t *codes = (const int8_t *) from;
    if (keys_first) {
        for (int i = 0; i < count; i += LANES) {
            store(to + i, mul(load(scales + i % KEYS), widen_byte(codes + i)));
        }
        return;
    }
    for (int key = 0; key < KEYS; key++, to += s->size, codes += s->size) {
        vec scale = all(scales[key]);
        int c = 0;
        for (; c + LANES <= s->size; c += LANES) {
            store(to + c, mul(scale, widen_byte(codes + c)));
        }
        for (; c < s->size; c++) {
            to[c] = scales[key] * (float) codes[c];
        }
    }
}

#endif
