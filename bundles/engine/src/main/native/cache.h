/* A block of the KV cache, docs/numerics.md section 7: keys as [column][position], values as [position][column], by key head. */
#ifndef ALCOVE_CACHE_H
#define ALCOVE_CACHE_H

#include "attention.h"
#include "lanes.h"

INLINE int type_bytes(int type) {
    return type == KV_F16 ? 2 : type == KV_INT8 ? 1 : 4;
}

/* Bytes of the keys, or of the values, of one key head within a block. */
INLINE int64_t head_bytes(const struct step *s) {
    int64_t count = (int64_t) KEYS * s->size;
    return count * type_bytes(s->type) + (s->type == KV_INT8 ? 4 * KEYS : 0);
}

INLINE const float *scales_of(const struct step *s, const uint8_t *plane) {
    return (const float *) (plane + (int64_t) KEYS * s->size);
}

/* Keys of LANES positions, of one column, as float32. The type is known when this is compiled. */
INLINE vec load_keys(const int type, const struct step *s, const uint8_t *plane, int column, int position) {
    int64_t at = (int64_t) column * KEYS + position;
    switch (type) {
        case KV_F16: return widen_half((const uint16_t *) plane + at);
        case KV_INT8: return mul(load(scales_of(s, plane) + position), widen_byte((const int8_t *) plane + at));
        default: return load((const float *) plane + at);
    }
}

/* The values of one position, LANES columns of them, as float32. */
INLINE vec load_values(const int type, const struct step *s, const uint8_t *plane, int position, int column) {
    int64_t at = (int64_t) position * s->size + column;
    switch (type) {
        case KV_F16: return widen_half((const uint16_t *) plane + at);
        case KV_INT8: return mul(all(scales_of(s, plane)[position]), widen_byte((const int8_t *) plane + at));
        default: return load((const float *) plane + at);
    }
}

/* The same of the last columns, fewer than LANES: nothing behind them is read. */
INLINE vec load_last_values(const int type, const struct step *s, const uint8_t *plane, int position, int column) {
    const int bytes = type_bytes(type);
    float last[LANES] = {0};
    __builtin_memcpy(last, plane + ((int64_t) position * s->size + column) * bytes, (size_t) (s->size - column) * bytes);
    switch (type) {
        case KV_F16: return widen_half((const uint16_t *) last);
        case KV_INT8: return mul(all(scales_of(s, plane)[position]), widen_byte((const int8_t *) last));
        default: return load(last);
    }
}

/* The keys and values of a head in a block, and those that are read after them: nothing else tells the processor where. */
struct tile {
    const uint8_t *keys;
    const uint8_t *values;
    const uint8_t *next_keys;
    const uint8_t *next_values;
};

/* Asks for some numbers of a plane. */
INLINE void prefetch_next(const int type, const uint8_t *plane, int64_t at, const int count) {
    const int bytes = type_bytes(type);
    for (int i = 0; i < count * bytes; i += 64) {
        _mm_prefetch((const char *) plane + at * bytes + i, _MM_HINT_T0);
    }
}

#endif
