/* What a step's attention works on. AttentionStep.java writes it: the order and the sizes of the fields are its contract. */
#ifndef ALCOVE_ATTENTION_H
#define ALCOVE_ATTENTION_H

#include <stdint.h>

/* Positions of a tile, which is what a block of the cache holds. */
#define KEYS 64
/* Most rows, (token, head) pairs, of a unit. */
#define MOST_ROWS 64

enum kv_type { KV_F32 = 0, KV_F16 = 1, KV_INT8 = 2 };

struct step {
    /* [token][head][size]; the result likewise. */
    const float *queries;
    float *result;
    /* [token][key head][size] */
    const float *keys;
    const float *values;
    /* [token] */
    const int32_t *positions;
    /* [token]: the addresses of the blocks of the token's sequence, by tile. */
    uint8_t *const *const *tables;
    /* [unit]: first token, tokens, first head, heads. All heads of a unit share a key head, all tokens a sequence. */
    const int32_t (*units)[4];
    int32_t heads;
    int32_t key_heads;
    int32_t size;
    int32_t window;
    int32_t type;
    float scale;
};

#endif
