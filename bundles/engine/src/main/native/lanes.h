/*
 * The few vector operations that the arithmetic is written in, for 16 lanes (AVX-512) or 8 (AVX2 with FMA and F16C). Whoever
 * includes this has chosen the instructions. No operation is contracted: docs/numerics.md counts every rounding.
 */
#ifndef ALCOVE_LANES_H
#define ALCOVE_LANES_H

#include <immintrin.h>
#include <stdint.h>

/*
 * What Java calls is all of one type, pointers first, floats as their bits: a virtual machine takes some 20 ms to learn how to
 * call functions of a type, which a start would wait for.
 */
#define UNUSED __attribute__((unused))
#define EXPORT(name) __attribute__((visibility("default"))) int64_t alcove_##name(UNUSED void *p, UNUSED void *q, UNUSED void *r, \
        UNUSED int64_t i, UNUSED int64_t j, UNUSED int64_t k, UNUSED int64_t l, UNUSED int64_t m, UNUSED int64_t n)

#define INLINE static inline __attribute__((always_inline))

INLINE float as_float(int64_t bits) {
    int32_t low = (int32_t) bits;
    float x;
    __builtin_memcpy(&x, &low, sizeof x);
    return x;
}

INLINE int64_t as_bits(float x) {
    int32_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    return bits;
}

#ifdef __AVX512F__

#define LANES 16
/* Vectors that a row's accumulators take at a time, so that four rows of them and their operands fit the registers. */
#define TOGETHER 4
typedef __m512 vec;
typedef __mmask16 mask;

INLINE vec load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void store(float *p, vec v) { _mm512_storeu_ps(p, v); }
INLINE vec all(float x) { return _mm512_set1_ps(x); }
INLINE vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
INLINE vec sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
INLINE vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
INLINE vec divide(vec a, vec b) { return _mm512_div_ps(a, b); }
INLINE vec multiply_add(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vec larger(vec a, vec b) { return _mm512_max_ps(a, b); }
INLINE vec smaller(vec a, vec b) { return _mm512_min_ps(a, b); }
INLINE vec magnitude(vec a) { return _mm512_castsi512_ps(_mm512_and_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(0x7fffffff))); }
INLINE vec flip(vec a, vec signs) {
    return _mm512_castsi512_ps(_mm512_xor_epi32(_mm512_castps_si512(a), _mm512_castps_si512(signs)));
}
/* The first n lanes, 0 <= n <= LANES. */
INLINE mask first(int n) { return (mask) ((1u << n) - 1); }
INLINE vec load_some(const float *p, mask m) { return _mm512_maskz_loadu_ps(m, p); }
INLINE void store_some(float *p, mask m, vec v) { _mm512_mask_storeu_ps(p, m, v); }
/* Zero where x < limit. */
INLINE vec zero_below(vec v, vec x, float limit) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, all(limit), _CMP_NLT_UQ), v);
}
INLINE vec power_of_two(vec s) {
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_slli_epi32(_mm512_castps_si512(s), 23), _mm512_set1_epi32(127 << 23)));
}
INLINE float largest(vec v) { return _mm512_reduce_max_ps(v); }
INLINE int is_zero(vec v) { return _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_EQ_OQ) == 0xffff; }
/* Sixteen lanes added as a tree: distance 8, 4, 2, 1. */
INLINE float tree(const vec *lanes) {
    __m256 low = _mm512_castps512_ps256(lanes[0]);
    __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(lanes[0]), 1));
    __m256 eight = _mm256_add_ps(low, high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE vec swap_pairs(vec v) { return _mm512_permute_ps(v, 0xb1); }
/* Each of LANES / 2 values twice. */
INLINE vec twice(const float *p) {
    const __m512i order = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
    return _mm512_permutexvar_ps(order, _mm512_castps256_ps512(_mm256_loadu_ps(p)));
}
INLINE vec widen_half(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) p)); }
INLINE vec widen_byte(const int8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *) p)));
}

#else

#define LANES 8
#define TOGETHER 2
typedef __m256 vec;
typedef __m256i mask;

INLINE vec load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void store(float *p, vec v) { _mm256_storeu_ps(p, v); }
INLINE vec all(float x) { return _mm256_set1_ps(x); }
INLINE vec add(vec a, vec b) { return _mm256_add_ps(a, b); }
INLINE vec sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
INLINE vec mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
INLINE vec divide(vec a, vec b) { return _mm256_div_ps(a, b); }
INLINE vec multiply_add(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vec larger(vec a, vec b) { return _mm256_max_ps(a, b); }
INLINE vec smaller(vec a, vec b) { return _mm256_min_ps(a, b); }
INLINE vec magnitude(vec a) { return _mm256_andnot_ps(all(-0.0f), a); }
INLINE vec flip(vec a, vec signs) { return _mm256_xor_ps(a, signs); }
INLINE mask first(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}
INLINE vec load_some(const float *p, mask m) { return _mm256_maskload_ps(p, m); }
INLINE void store_some(float *p, mask m, vec v) { _mm256_maskstore_ps(p, m, v); }
INLINE vec zero_below(vec v, vec x, float limit) { return _mm256_and_ps(_mm256_cmp_ps(x, all(limit), _CMP_NLT_UQ), v); }
INLINE vec power_of_two(vec s) {
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_slli_epi32(_mm256_castps_si256(s), 23), _mm256_set1_epi32(127 << 23)));
}
INLINE float largest(vec v) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
INLINE int is_zero(vec v) { return _mm256_movemask_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_EQ_OQ)) == 0xff; }
INLINE float tree(const vec *lanes) {
    __m256 eight = _mm256_add_ps(lanes[0], lanes[1]);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE vec swap_pairs(vec v) { return _mm256_permute_ps(v, 0xb1); }
INLINE vec twice(const float *p) {
    const __m256i order = _mm256_set_epi32(3, 3, 2, 2, 1, 1, 0, 0);
    return _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), order);
}
INLINE vec widen_half(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) p)); }
INLINE vec widen_byte(const int8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *) p)));
}

#endif

/* Vectors that hold the sixteen lanes of a sum. */
#define SUM_VECTORS (16 / LANES)
/* Signs of the even lanes. */
INLINE vec even_signs(void) {
    static const float signs[16] = {-0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0};
    return load(signs);
}

/* The exponential function of docs/numerics.md section 4. The order of operands decides what becomes of not-a-number. */
INLINE vec exponential(vec x) {
    vec bounded = smaller(all(88.0f), x);
    vec shifted = multiply_add(bounded, all(1.44269504f), all(0x1.8p23f));
    vec n = sub(shifted, all(0x1.8p23f));
    vec r = multiply_add(n, all(-0x1.7f7d1cp-20f), multiply_add(n, all(-0x1.62e4p-1f), bounded));
    vec p = multiply_add(all(1 / 5040.0f), r, all(1 / 720.0f));
    p = multiply_add(p, r, all(1 / 120.0f));
    p = multiply_add(p, r, all(1 / 24.0f));
    p = multiply_add(p, r, all(1 / 6.0f));
    p = multiply_add(p, r, all(0.5f));
    p = multiply_add(p, r, all(1.0f));
    p = multiply_add(p, r, all(1.0f));
    return zero_below(mul(p, power_of_two(shifted)), x, -87.0f);
}

INLINE float exponential_of(float x) {
    float lanes[LANES];
    store(lanes, exponential(all(x)));
    return lanes[0];
}

#endif
