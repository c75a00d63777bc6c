/* Norms, additions, gates, rotations and what the sampler asks for: docs/numerics.md sections 4 to 6. */

#include "lanes.h"

INLINE float squares(const float *x, int count) {
    vec sums[SUM_VECTORS];
    for (int v = 0; v < SUM_VECTORS; v++) {
        sums[v] = all(0);
    }
    int i = 0;
    for (; i + 16 <= count; i += 16) {
        for (int v = 0; v < SUM_VECTORS; v++) {
            vec part = load(x + i + v * LANES);
            sums[v] = multiply_add(part, part, sums[v]);
        }
    }
    for (int v = 0; i < count; i += LANES, v++) {
        vec part = count - i >= LANES ? load(x + i) : load_some(x + i, first(count - i));
        sums[v] = multiply_add(part, part, sums[v]);
    }
    return tree(sums);
}

/* Rows of `from`, divided by their root mean square and multiplied by `weights`. */
static void normalize(const float *from, float *to, int64_t row, int rows, const float *weights, int width, float epsilon) {
    for (int64_t r = row; r < row + rows; r++) {
        const float *x = from + r * width;
        float *y = to + r * width;
        float mean = squares(x, width) / (float) width;
        float root = _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(mean + epsilon)));
        vec factor = all(1.0f / root);
        int i = 0;
        for (; i + LANES <= width; i += LANES) {
            store(y + i, mul(mul(load(x + i), factor), load(weights + i)));
        }
        if (i < width) {
            mask rest = first(width - i);
            store_some(y + i, rest, mul(mul(load_some(x + i, rest), factor), load_some(weights + i, rest)));
        }
    }
}

INLINE void add_some(float *target, const float *source, int64_t count) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        store(target + i, add(load(target + i), load(source + i)));
    }
    if (i < count) {
        mask rest = first((int) (count - i));
        store_some(target + i, rest, add(load_some(target + i, rest), load_some(source + i, rest)));
    }
}

static void add_range(float *target, const float *source, int64_t at, int64_t count) {
    add_some(target + at, source + at, count);
}

/* Adds one row to several. */
static void add_row(float *target, int64_t row, int rows, const float *source, int width) {
    for (int64_t r = row; r < row + rows; r++) {
        add_some(target + r * width, source, width);
    }
}

INLINE vec gated(vec gate, vec up) {
    vec one = all(1.0f);
    return mul(divide(gate, add(one, exponential(flip(gate, all(-0.0f))))), up);
}

static void gate(float *gate, const float *up, int64_t at, int64_t count) {
    gate += at;
    up += at;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        store(gate + i, gated(load(gate + i), load(up + i)));
    }
    if (i < count) {
        mask rest = first((int) (count - i));
        store_some(gate + i, rest, gated(load_some(gate + i, rest), load_some(up + i, rest)));
    }
}

static void exponentials(const float *source, float *target, int count, float shift, float divisor) {
    vec shifts = all(shift);
    vec divisors = all(divisor);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        store(target + i, exponential(divide(sub(load(source + i), shifts), divisors)));
    }
    if (i < count) {
        mask rest = first(count - i);
        store_some(target + i, rest, exponential(divide(sub(load_some(source + i, rest), shifts), divisors)));
    }
}

static float max_of(const float *values, int count) {
    vec max = all(-__builtin_inff());
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        max = larger(max, load(values + i));
    }
    float most = largest(max);
    for (; i < count; i++) {
        most = values[i] > most ? values[i] : most;
    }
    return most;
}

static int is_finite(const float *values, int count) {
    vec sum = all(0);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        vec x = load(values + i);
        sum = add(sum, sub(x, x));
    }
    if (i < count) {
        vec x = load_some(values + i, first(count - i));
        sum = add(sum, sub(x, x));
    }
    return is_zero(sum);
}

INLINE void rotate_one(float *a, float *b, float cosine, float sine) {
    float x = *a;
    float y = *b;
    *a = __builtin_fmaf(x, cosine, -(y * sine));
    *b = __builtin_fmaf(y, cosine, x * sine);
}

INLINE void rotate_halves(float *head, const float *cosines, const float *sines, int pairs) {
    int i = 0;
    for (; i + LANES <= pairs; i += LANES) {
        vec a = load(head + i);
        vec b = load(head + pairs + i);
        vec cosine = load(cosines + i);
        vec sine = load(sines + i);
        store(head + i, multiply_add(a, cosine, flip(mul(b, sine), all(-0.0f))));
        store(head + pairs + i, multiply_add(b, cosine, mul(a, sine)));
    }
    for (; i < pairs; i++) {
        rotate_one(head + i, head + pairs + i, cosines[i], sines[i]);
    }
}

INLINE void rotate_neighbours(float *head, const float *cosines, const float *sines, int pairs) {
    int i = 0;
    for (; i + LANES / 2 <= pairs; i += LANES / 2) {
        vec x = load(head + 2 * i);
        vec crossed = mul(swap_pairs(x), twice(sines + i));
        store(head + 2 * i, multiply_add(x, twice(cosines + i), flip(crossed, even_signs())));
    }
    for (; i < pairs; i++) {
        rotate_one(head + 2 * i, head + 2 * i + 1, cosines[i], sines[i]);
    }
}

/* Rotates the heads of tokens; a row of the table holds the cosines, then the sines, of one token. */
static void rotate(float *vectors, int token, int tokens, int heads, int size, const float *table, int pairs, int halves) {
    for (int t = token; t < token + tokens; t++) {
        const float *cosines = table + (int64_t) t * 2 * pairs;
        const float *sines = cosines + pairs;
        for (int h = 0; h < heads; h++) {
            float *head = vectors + ((int64_t) t * heads + h) * size;
            if (halves) {
                rotate_halves(head, cosines, sines, pairs);
            } else {
                rotate_neighbours(head, cosines, sines, pairs);
            }
        }
    }
}

EXPORT(normalize) {
    normalize(p, q, i, (int) j, r, (int) k, as_float(l));
    return 0;
}

EXPORT(add) {
    add_range(p, q, i, j);
    return 0;
}

EXPORT(add_row) {
    add_row(p, i, (int) j, q, (int) k);
    return 0;
}

EXPORT(gate) {
    gate(p, q, i, j);
    return 0;
}

EXPORT(exponentials) {
    exponentials(p, q, (int) i, as_float(j), as_float(k));
    return 0;
}

EXPORT(max) {
    return as_bits(max_of(p, (int) i));
}

EXPORT(is_finite) {
    return is_finite(p, (int) i);
}

EXPORT(rotate) {
    rotate(p, (int) i, (int) j, (int) k, (int) l, q, (int) m, (int) n);
    return 0;
}
