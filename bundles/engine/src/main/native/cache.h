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

/* LANES numbers as float32, the scale aside. The type is known when this is compiled. */
INLINE vec widen(const int type, const void *from) {
    return type == KV_F16 ? widen_half(from) : type == KV_INT8 ? widen_byte(from) : load(from);
}

/* Keys of LANES positions, of one column, as float32. */
INLINE vec load_keys(const int type, const struct step *s, const uint8_t *plane, int column, int position) {
    vec keys = widen(type, plane + ((int64_t) column * KEYS + position) * type_bytes(type));
    return type == KV_INT8 ? mul(load(scales_of(s, plane) + position), keys) : keys;
}

/* The values of one position, columns from one on, fewer than LANES if they are the last: nothing behind them is read. */
INLINE vec load_values(const int type, const int last, const struct step *s, const uint8_t *plane, int position, int column) {
    const void *from = plane + ((int64_t) position * s->size + column) * type_bytes(type);
    float copy[LANES] = {0};
    if (last) {
        from = __builtin_memcpy(copy, from, (size_t) (s->size - column) * type_bytes(type));
    }
    vec values = widen(type, from);
    return type == KV_INT8 ? mul(all(scales_of(s, plane)[position]), values) : values;
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
