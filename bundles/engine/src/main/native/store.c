/* Writing keys and values to the blocks of the KV cache, in its type. */

#include "cache.h"

INLINE void put(const struct step *s, uint8_t *memory, int64_t at, float x, float inverse) {
    switch (s->type) {
        case KV_F16:
            ((uint16_t *) memory)[at] = (uint16_t) _mm_extract_epi16(_mm_cvtps_ph(_mm_set_ss(x), _MM_FROUND_TO_NEAREST_INT), 0);
            break;
        case KV_INT8:
            ((int8_t *) memory)[at] = (int8_t) _mm_cvtss_si32(_mm_set_ss(x * inverse));
            break;
        default:
            ((float *) memory)[at] = x;
    }
}

/* The scale of a row of int8, as docs/numerics.md section 7 has it; returns its inverse, 0 where all codes are to be 0. */
INLINE float write_scale(const struct step *s, uint8_t *memory, int offset, const float *x) {
    float most = 0;
    int finite = 1;
    for (int c = 0; c < s->size; c++) {
        float magnitude_of = __builtin_fabsf(x[c]);
        finite &= magnitude_of <= 0x1.fffffep127f;
        most = magnitude_of > most ? magnitude_of : most;
    }
    float *scale = (float *) (memory + (int64_t) KEYS * s->size) + offset;
    if (!finite) {
        *scale = __builtin_nanf("");
        return 0;
    }
    if (most < 0x1p-118f) {
        *scale = 0;
        return 0;
    }
    *scale = most / 127.0f;
    return 127.0f / most;
}

/* Writes the keys, as [column][position], and the values, as [position][column], of tokens to their blocks. */
static void store_tokens(const struct step *s, int64_t layer, int token, int tokens) {
    int64_t bytes = head_bytes(s);
    int size = s->size;
    for (int h = 0; h < s->key_heads; h++) {
        for (int t = token; t < token + tokens; t++) {
            int offset = s->positions[t] % KEYS;
            uint8_t *block = s->tables[t][s->positions[t] / KEYS] + layer;
            uint8_t *keys = block + h * bytes;
            uint8_t *values = block + (s->key_heads + h) * bytes;
            const float *key = s->keys + ((int64_t) t * s->key_heads + h) * size;
            const float *value = s->values + ((int64_t) t * s->key_heads + h) * size;
            int scaled = s->type == KV_INT8;
            float key_inverse = scaled ? write_scale(s, keys, offset, key) : 0;
            float value_inverse = scaled ? write_scale(s, values, offset, value) : 0;
            for (int c = 0; c < size; c++) {
                put(s, keys, (int64_t) c * KEYS + offset, key[c], key_inverse);
                put(s, values, (int64_t) offset * size + c, value[c], value_inverse);
            }
        }
    }
}

EXPORT(store) {
    store_tokens(p, i, (int) j, (int) k);
    return 0;
}
