/*
 * Attention tile by tile, docs/numerics.md section 7: up to four rows (a query head of a token is a row) meet a tile at a time,
 * so that its keys and values are read once for all of them. What a row gets does not depend on its neighbours.
 */

#include "cache.h"

#define QUAD 4

INLINE void scores(const int n, const float *const *queries, const float *keys, int size, float scale, float *out) {
    for (int part = 0; part < KEYS; part += TOGETHER * LANES) {
        vec sums[QUAD][TOGETHER];
        for (int r = 0; r < n; r++) {
            for (int v = 0; v < TOGETHER; v++) {
                sums[r][v] = all(0);
            }
        }
        for (int c = 0; c < size; c++) {
            const float *column = keys + (int64_t) c * KEYS + part;
            vec k[TOGETHER];
            for (int v = 0; v < TOGETHER; v++) {
                k[v] = load(column + v * LANES);
            }
            for (int r = 0; r < n; r++) {
                vec q = all(queries[r][c]);
                for (int v = 0; v < TOGETHER; v++) {
                    sums[r][v] = multiply_add(q, k[v], sums[r][v]);
                }
            }
        }
        for (int r = 0; r < n; r++) {
            for (int v = 0; v < TOGETHER; v++) {
                store(out + r * KEYS + part + v * LANES, mul(sums[r][v], all(scale)));
            }
        }
    }
}

/* Adds the weighted values of keys `from` up to `to` to columns of n rows. */
INLINE void some_values(const int n, const int vectors, const float *const *weights, const float *values, int size, int from,
        int to, float *const *out, int column, mask m, const int masked) {
    vec sums[QUAD][TOGETHER];
    for (int r = 0; r < n; r++) {
        for (int v = 0; v < vectors; v++) {
            const float *at = out[r] + column + v * LANES;
            sums[r][v] = masked ? load_some(at, m) : load(at);
        }
    }
    for (int key = from; key < to; key++) {
        const float *row = values + (int64_t) key * size + column;
        vec x[TOGETHER];
        for (int v = 0; v < vectors; v++) {
            x[v] = masked ? load_some(row, m) : load(row + v * LANES);
        }
        for (int r = 0; r < n; r++) {
            vec w = all(weights[r][key]);
            for (int v = 0; v < vectors; v++) {
                sums[r][v] = multiply_add(w, x[v], sums[r][v]);
            }
        }
    }
    for (int r = 0; r < n; r++) {
        for (int v = 0; v < vectors; v++) {
            float *at = out[r] + column + v * LANES;
            if (masked) {
                store_some(at, m, sums[r][v]);
            } else {
                store(at, sums[r][v]);
            }
        }
    }
}

INLINE void add_values(const int n, const float *const *weights, const float *values, int size, int from, int to,
        float *const *out) {
    int column = 0;
    for (; column + TOGETHER * LANES <= size; column += TOGETHER * LANES) {
        some_values(n, TOGETHER, weights, values, size, from, to, out, column, first(0), 0);
    }
    for (; column < size; column += LANES) {
        int rest = size - column < LANES ? size - column : LANES;
        some_values(n, 1, weights, values, size, from, to, out, column, first(rest), 1);
    }
}

/* Scores become exp(score - max); returns their sum. Keys that are not seen score minus infinity. */
INLINE float weigh(float *row, int from, int to, float *max) {
    for (int key = 0; key < from; key++) {
        row[key] = -__builtin_inff();
    }
    for (int key = to; key < KEYS; key++) {
        row[key] = -__builtin_inff();
    }
    vec most = load(row);
    for (int key = LANES; key < KEYS; key += LANES) {
        most = larger(most, load(row + key));
    }
    *max = largest(most);
    vec shift = all(*max);
    vec sums[SUM_VECTORS];
    for (int v = 0; v < SUM_VECTORS; v++) {
        sums[v] = all(0);
        for (int key = v * LANES; key < KEYS; key += 16) {
            vec weight = exponential(sub(load(row + key), shift));
            store(row + key, weight);
            sums[v] = add(sums[v], weight);
        }
    }
    return tree(sums);
}

/* total = total * keep + values * take */
INLINE void merge(float *total, const float *values, int size, float keep, float take) {
    vec keeps = all(keep);
    vec takes = all(take);
    int i = 0;
    for (; i + LANES <= size; i += LANES) {
        store(total + i, multiply_add(load(total + i), keeps, mul(load(values + i), takes)));
    }
    if (i < size) {
        mask rest = first(size - i);
        store_some(total + i, rest, multiply_add(load_some(total + i, rest), keeps, mul(load_some(values + i, rest), takes)));
    }
}

INLINE void finish(float *total, int size, float sum) {
    vec sums = all(sum);
    int i = 0;
    for (; i + LANES <= size; i += LANES) {
        store(total + i, divide(load(total + i), sums));
    }
    if (i < size) {
        mask rest = first(size - i);
        store_some(total + i, rest, divide(load_some(total + i, rest), sums));
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

/* Rows meet a tile: n of them, which is known when this is compiled. */
INLINE void meet(const int n, struct row *const *rows, const float *keys, const float *values, const struct step *s,
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
    scores(n, queries, keys, size, s->scale, weights);
    for (int r = 0; r < n; r++) {
        sums[r] = weigh(weights + r * KEYS, rows[r]->from, rows[r]->to, &maxima[r]);
        for (int i = 0; i < size; i++) {
            out[r][i] = 0;
        }
    }
    int shared = from < to;
    for (int r = 0; r < n; r++) {
        int end = shared ? from : rows[r]->to;
        if (rows[r]->from < end) {
            add_values(1, weight_rows + r, values, size, rows[r]->from, end, out + r);
        }
    }
    if (shared) {
        add_values(n, weight_rows, values, size, from, to, out);
    }
    for (int r = 0; r < n; r++) {
        struct row *row = rows[r];
        if (shared && to < row->to) {
            add_values(1, weight_rows + r, values, size, to, row->to, out + r);
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

static __attribute__((noinline)) void meet_four(struct row *const *rows, const float *keys, const float *values,
        const struct step *s, float *scratch) {
    meet(QUAD, rows, keys, values, s, scratch);
}

static __attribute__((noinline)) void meet_one(struct row *const *rows, const float *keys, const float *values,
        const struct step *s, float *scratch) {
    meet(1, rows, keys, values, s, scratch);
}

INLINE int first_key(const struct step *s, int position) {
    return position >= s->window ? position - s->window + 1 : 0;
}

static void attend_unit(const struct step *s, int64_t layer, const int32_t *unit, float *scratch) {
    struct row rows[MOST_ROWS];
    int group = s->heads / s->key_heads;
    int count = 0;
    for (int t = unit[0]; t < unit[0] + unit[1]; t++) {
        for (int h = unit[2]; h < unit[2] + unit[3]; h++) {
            int64_t at = ((int64_t) t * s->heads + h) * s->size;
            rows[count++] = (struct row) {s->queries + at, s->result + at, 0, 0, 0, 0, 0};
        }
    }
    int64_t bytes = head_bytes(s);
    int64_t keys_at = layer + unit[2] / group * bytes;
    int64_t values_at = keys_at + s->key_heads * bytes;
    float *widened = scratch + QUAD * KEYS + QUAD * ((s->size + 15) & ~15);
    int lowest = first_key(s, s->positions[unit[0]]) / KEYS;
    int highest = s->positions[unit[0] + unit[1] - 1] / KEYS;
    for (int tile = lowest; tile <= highest; tile++) {
        const uint8_t *block = s->tables[unit[0]][tile];
        const float *keys = (const float *) (block + keys_at);
        const float *values = (const float *) (block + values_at);
        if (s->type != KV_F32) {
            widen(s, block + keys_at, 1, widened);
            widen(s, block + values_at, 0, widened + KEYS * s->size);
            keys = widened;
            values = widened + KEYS * s->size;
        }
        struct row *seeing[MOST_ROWS];
        int n = 0;
        for (int r = 0; r < count; r++) {
            int position = s->positions[unit[0] + r / unit[3]];
            int from = first_key(s, position) - tile * KEYS;
            int to = position + 1 - tile * KEYS;
            rows[r].from = from > 0 ? from : 0;
            rows[r].to = to < KEYS ? to : KEYS;
            if (rows[r].from < rows[r].to) {
                seeing[n++] = &rows[r];
            }
        }
        int r = 0;
        for (; r + QUAD <= n; r += QUAD) {
            meet_four(seeing + r, keys, values, s, scratch);
        }
        for (; r < n; r++) {
            meet_one(seeing + r, keys, values, s, scratch);
        }
    }
    for (int r = 0; r < count; r++) {
        finish(rows[r].total, s->size, rows[r].sum);
    }
}

/* Computes units of a layer, whose keys begin `layer` bytes into each block. */
static void attend(const struct step *s, int64_t layer, int unit, int end, float *scratch) {
    for (; unit < end; unit++) {
        attend_unit(s, layer, s->units[unit], scratch);
    }
}

EXPORT(attend) {
    attend(p, i, (int) j, (int) k, q);
    return 0;
}
