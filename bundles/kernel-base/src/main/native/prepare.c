/*
 * Activations to int8 codes, a scale and a sum for each group (docs/numerics.md, 1.1). A token lies as PreparedLayout in Java
 * says, save that what stands for the sums depends on what multiply needs of them, and that the codes of formats whose bytes hold
 * neighbouring columns lie even columns first within each chunk, so that low and high halves of sixteen bytes of weights meet
 * sixteen neighbouring codes each.
 */
#include "integer.h"

static const int32_t SMALLEST = 0x04800000; /* 2^-118 */
static const int32_t INFINITE = 0x7f800000;

/** The bits of the largest absolute value of a group; as integers they have the order of the floats, and not a number is above. */
static int32_t largest_bits(const Loose *x, int count) {
    Ints largest = ints_zero();
    Ints mask = ints_all(0x7fffffff);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        largest = ints_max(largest, ints_and(ints_of_floats(floats_load((const float *) (x + i))), mask));
    }
    int32_t result = ints_largest(largest);
    for (; i < count; i++) {
        int32_t bits;
        memcpy(&bits, x + i, 4);
        bits &= 0x7fffffff;
        result = bits > result ? bits : result;
    }
    return result;
}

/** Writes rint(x * inverse) and returns the sum. */
static int round_codes(const Loose *x, int count, float inverse, u8 *codes) {
    Ints sums = ints_zero();
    Floats factor = floats_all(inverse);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        Ints rounded = ints_round(floats_mul(floats_load((const float *) (x + i)), factor));
        sums = ints_add(sums, rounded);
        bytes_store(codes + i, rounded);
    }
    int sum = ints_sum(sums);
    for (; i < count; i++) {
        int code = _mm_cvtss_si32(_mm_set_ss(x[i] * inverse));
        codes[i] = (u8) code;
        sum += code;
    }
    return sum;
}

static void even_columns_first(u8 *codes, int bytes) {
    const __m128i order = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    for (int i = 0; i < bytes; i += CHUNK) {
        __m128i *at = (__m128i *) (codes + i);
        __m128i first = _mm_shuffle_epi8(_mm_loadu_si128(at), order);
        __m128i second = _mm_shuffle_epi8(_mm_loadu_si128(at + 1), order);
        _mm_storeu_si128(at, _mm_unpacklo_epi64(first, second));
        _mm_storeu_si128(at + 1, _mm_unpackhi_epi64(first, second));
    }
}

static void prepare_group(const Loose *x, int count, int kind, u8 *codes, float *scale, int32_t *sums) {
    int32_t bits = largest_bits(x, count);
    int sum = 0;
    if (bits >= SMALLEST && bits < INFINITE) {
        float amax;
        memcpy(&amax, &bits, 4);
        sum = round_codes(x, count, 127 / amax, codes);
        *scale = amax / 127;
    } else {
        memset(codes, 0, (size_t) count);
        *scale = bits < SMALLEST ? 0 : __builtin_nanf("");
    }
    if (extra_of(kind) == MINIMA) {
        float value = (float) sum;
        memcpy(sums, &value, 4);
    } else {
        *sums = extra_of(kind) == ZEROS ? sum : -zero_of(kind) * sum;
    }
}

/** Prepares the tokens from first to end of a batch. */
EXPORT void alcove_prepare(const Loose *x, int first_token, int end_token, int columns, int kind, int weight_group, u8 *prepared) {
    struct prepared layout = prepared_of(columns, weight_group);
    for (int t = first_token; t < end_token; t++) {
        u8 *codes = prepared + t * layout.stride;
        for (int g = 0; g < layout.groups; g++) {
            int first = g * layout.group;
            int count = columns - first < layout.group ? columns - first : layout.group;
            prepare_group(x + (long) t * columns + first, count, kind, codes + first, (float *) (codes + layout.scales) + g,
                    (int32_t *) (codes + layout.sums) + g);
        }
        memset(codes + columns, 0, (size_t) (layout.scales - columns));
        if (is_words(kind)) {
            even_columns_first(codes, (int) layout.scales);
        }
    }
}
