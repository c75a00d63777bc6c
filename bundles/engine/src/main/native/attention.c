/*
 * Attention tile by tile, docs/numerics.md section 7: up to four rows (a query head of a token is a row) meet a tile at a time,
 * so that its keys and values are read once for all of them. What a row gets does not depend on its neighbours.
 */

#include "cache.h"
#include "softmax.h"

#define QUAD 4

INLINE void scores(const int n, const int type, const struct step *s, const float *const *queries, const struct tile *tile,
        float *out) {
    for (int part = 0; part < KEYS; part += TOGETHER * LANES) {
        vec sums[QUAD][TOGETHER];
        for (int r = 0; r < n; r++) {
            for (int v = 0; v < TOGETHER; v++) {
                sums[r][v] = all(0);
            }
        }
        for (int c = 0; c < s->size; c++) {
            vec k[TOGETHER];
            for (int v = 0; v < TOGETHER; v++) {
                k[v] = load_keys(type, s, tile->keys, c, part + v * LANES);
            }
            prefetch_next(type, tile->next_keys, (int64_t) c * KEYS + part, TOGETHER * LANES);
            for (int r = 0; r < n; r++) {
                vec q = all(queries[r][c]);
                for (int v = 0; v < TOGETHER; v++) {
                    sums[r][v] = multiply_add(q, k[v], sums[r][v]);
                }
            }
        }
        for (int r = 0; r < n; r++) {
            for (int v = 0; v < TOGETHER; v++) {
                store(out + r * KEYS + part + v * LANES, mul(sums[r][v], all(s->scale)));
            }
        }
    }
}

/* Adds the weighted values of keys `from` up to `to` to columns of n rows. */
INLINE void some_values(const int n, const int vectors, const int last, const int type, const struct step *s,
        const float *const *weights, const struct tile *tile, int from, int to, float *const *out, int column) {
    vec sums[QUAD][TOGETHER];
    for (int r = 0; r < n; r++) {
        for (int v = 0; v < vectors; v++) {
            sums[r][v] = load(out[r] + column + v * LANES);
        }
    }
    for (int key = from; key < to; key++) {
        vec x[TOGETHER];
        for (int v = 0; v < vectors; v++) {
            x[v] = load_values(type, last, s, tile->values, key, column + v * LANES);
        }
        prefetch_next(type, tile->next_values, (int64_t) key * s->size + column, vectors * LANES);
        for (int r = 0; r < n; r++) {
            vec w = all(weights[r][key]);
            for (int v = 0; v < vectors; v++) {
                sums[r][v] = multiply_add(w, x[v], sums[r][v]);
            }
        }
    }
    for (int r = 0; r < n; r++) {
        for (int v = 0; v < vectors; v++) {
            store(out[r] + column + v * LANES, sums[r][v]);
        }
    }
}

INLINE void add_values(const int n, const int type, const struct step *s, const float *const *weights, const struct tile *tile,
        int from, int to, float *const *out) {
    int column = 0;
    for (; column + TOGETHER * LANES <= s->size; column += TOGETHER * LANES) {
        some_values(n, TOGETHER, 0, type, s, weights, tile, from, to, out, column);
    }
    for (; column + LANES <= s->size; column += LANES) {
        some_values(n, 1, 0, type, s, weights, tile, from, to, out, column);
    }
    if (column < s->size) {
        some_values(n, 1, 1, type, s, weights, tile, from, to, out, column);
    }
}

/* A row of a unit: what it has seen so far, and which keys of the present tile it sees. */
struct row {
    const float *query;
    float *total;
    float max;
    float sum;
    int from;
    int to;
    int begun;
};

/* Rows meet a tile: n of them, which is known when this is compiled, as is the type that the tile is kept in. */
INLINE void meet(const int n, const int type, const struct step *s, struct row *const *rows, const struct tile *tile,
        float *scratch) {
    int size = s->size;
    int64_t stride = (size + 15) & ~15;
    float *weights = scratch;
    const float *queries[QUAD];
    const float *weight_rows[QUAD];
    float *out[QUAD];
    float maxima[QUAD];
    float sums[QUAD];
    int from = 0;
    int to = KEYS;
    for (int r = 0; r < n; r++) {
        queries[r] = rows[r]->query;
        weight_rows[r] = weights + r * KEYS;
        out[r] = scratch + QUAD * KEYS + r * stride;
        from = rows[r]->from > from ? rows[r]->from : from;
        to = rows[r]->to < to ? rows[r]->to : to;
    }
    scores(n, type, s, queries, tile, weights);
    for (int r = 0; r < n; r++) {
        sums[r] = weigh(weights + r * KEYS, rows[r]->from, rows[r]->to, &maxima[r]);
        for (int i = 0; i < stride; i++) {
            out[r][i] = 0;
        }
    }
    int shared = from < to;
    for (int r = 0; r < n; r++) {
        int end = shared ? from : rows[r]->to;
        if (rows[r]->from < end) {
            add_values(1, type, s, weight_rows + r, tile, rows[r]->from, end, out + r);
        }
    }
    if (shared) {
        add_values(n, type, s, weight_rows, tile, from, to, out);
    }
    for (int r = 0; r < n; r++) {
        struct row *row = rows[r];
        if (shared && to < row->to) {
            add_values(1, type, s, weight_rows + r, tile, to, row->to, out + r);
        }
        if (!row->begun) {
            row->begun = 1;
            row->max = maxima[r];
            row->sum = sums[r];
            __builtin_memcpy(row->total, out[r], sizeof(float) * size);
        } else {
            float both = row->max > maxima[r] ? row->max : maxima[r];
            float keep = exponential_of(row->max - both);
            float take = exponential_of(maxima[r] - both);
            row->sum = __builtin_fmaf(row->sum, keep, sums[r] * take);
            merge(row->total, out[r], size, keep, take);
            row->max = both;
        }
    }
}

typedef void meeting(const struct step *s, struct row *const *rows, const struct tile *tile, float *scratch);

#define MEETING(name, n, type) \
    static __attribute__((noinline)) void name(const struct step *s, struct row *const *rows, const struct tile *tile, \
            float *scratch) { \
        meet(n, type, s, rows, tile, scratch); \
    }

MEETING(one_f32, 1, KV_F32)
MEETING(four_f32, QUAD, KV_F32)
MEETING(one_f16, 1, KV_F16)
MEETING(four_f16, QUAD, KV_F16)
MEETING(one_int8, 1, KV_INT8)
MEETING(four_int8, QUAD, KV_INT8)

/* By type; for one row, for four. Numbers are widened by each four rows anew: to keep them widened costs more than that. */
static meeting *const meetings[][2] = {{one_f32, four_f32}, {one_f16, four_f16}, {one_int8, four_int8}};

INLINE int first_key(const struct step *s, int position) {
    return position >= s->window ? position - s->window + 1 : 0;
}

/* A tile of the keys of a unit, and what is computed after it. */
static struct tile tile_of(const struct step *s, int64_t layer, const int32_t *unit, int tile) {
    int64_t bytes = head_bytes(s);
    const uint8_t *keys = s->tables[unit[0]][tile] + layer + unit[2] / (s->heads / s->key_heads) * bytes;
    const uint8_t *values = keys + s->key_heads * bytes;
    return (struct tile) {keys, values, keys, values};
}

/* The rows of a unit meet a tile. */
static void meet_tile(const struct step *s, struct row *rows, const int32_t *unit, int number, struct tile tile, float *scratch) {
    struct row *seeing[MOST_ROWS];
    int n = 0;
    for (int r = 0; r < unit[1] * unit[3]; r++) {
        int position = s->positions[unit[0] + r / unit[3]];
        int from = first_key(s, position) - number * KEYS;
        int to = position + 1 - number * KEYS;
        rows[r].from = from > 0 ? from : 0;
        rows[r].to = to < KEYS ? to : KEYS;
        if (rows[r].from < rows[r].to) {
            seeing[n++] = &rows[r];
        }
    }
    meeting *const *meeting_of = meetings[s->type];
    int r = 0;
    for (; r + QUAD <= n; r += QUAD) {
        meeting_of[1](s, seeing + r, &tile, scratch);
        tile.next_keys = tile.keys;
        tile.next_values = tile.values;
    }
    for (; r < n; r++) {
        meeting_of[0](s, seeing + r, &tile, scratch);
    }
}

INLINE int lowest_tile(const struct step *s, const int32_t *unit) {
    return first_key(s, s->positions[unit[0]]) / KEYS;
}

/* Computes a unit; `next` is the one after it, or itself. */
static void attend_unit(const struct step *s, int64_t layer, const int32_t *unit, const int32_t *next, float *scratch) {
    struct row rows[MOST_ROWS];
    int count = 0;
    for (int t = unit[0]; t < unit[0] + unit[1]; t++) {
        for (int h = unit[2]; h < unit[2] + unit[3]; h++) {
            int64_t at = ((int64_t) t * s->heads + h) * s->size;
            rows[count++] = (struct row) {s->queries + at, s->result + at, 0, 0, 0, 0, 0};
        }
    }
    int highest = s->positions[unit[0] + unit[1] - 1] / KEYS;
    for (int number = lowest_tile(s, unit); number <= highest; number++) {
        struct tile tile = tile_of(s, layer, unit, number);
        struct tile following = number < highest ? tile_of(s, layer, unit, number + 1)
                : tile_of(s, layer, next, lowest_tile(s, next));
        tile.next_keys = following.keys;
        tile.next_values = following.values;
        meet_tile(s, rows, unit, number, tile, scratch);
    }
    for (int r = 0; r < count; r++) {
        finish(rows[r].total, s->size, rows[r].sum);
    }
}

/* Computes units of a layer, whose keys begin `layer` bytes into each block. */
static void attend(const struct step *s, int64_t layer, int unit, int end, float *scratch) {
    for (; unit < end; unit++) {
        attend_unit(s, layer, s->units[unit], s->units[unit + 1 < end ? unit + 1 : unit], scratch);
    }
}

EXPORT(attend) {
    attend(p, i, (int) j, (int) k, q);
    return 0;
}
