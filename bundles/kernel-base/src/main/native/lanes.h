/*
 * The vectors of a tier: sixteen lanes of 512 bits or eight of 256, whichever the compiler's flags allow. One lane is one row of
 * the matrix. Only what differs between the widths is named here.
 */
#ifndef LANES_H
#define LANES_H

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))
/* Loops over the tokens and panels of a tile are unrolled, so that what they index stays in registers. */
#define UNROLL _Pragma("GCC unroll 16")

typedef uint8_t u8;
/** A float at any address: nothing is promised about the alignment of activations and results. */
typedef float Loose __attribute__((aligned(1), may_alias));

#if defined(__AVX512F__)

enum { LANES = 16, PANELS = 2, TOKENS = 6 };

typedef __m512i Ints;
typedef __m512 Floats;

#define ints_zero() _mm512_setzero_si512()
#define ints_all(x) _mm512_set1_epi32(x)
#define ints_load(p) _mm512_loadu_si512((const void *) (p))
#define ints_store(p, v) _mm512_storeu_si512((void *) (p), v)
#define ints_add(a, b) _mm512_add_epi32(a, b)
#define ints_sub(a, b) _mm512_sub_epi32(a, b)
#define ints_of_bytes(p) _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *) (p)))
#define ints_and(a, b) _mm512_and_si512(a, b)
#define ints_max(a, b) _mm512_max_epi32(a, b)
#define ints_sum(a) _mm512_reduce_add_epi32(a)
#define ints_largest(a) _mm512_reduce_max_epi32(a)
#define ints_round(f) _mm512_cvtps_epi32(f)
#define ints_of_floats(f) _mm512_castps_si512(f)
#define bytes_all(x) _mm512_set1_epi8(x)
#define shorts_right(a, n) _mm512_srli_epi16(a, n)
#define shorts_add(a, b) _mm512_add_epi16(a, b)
#define shorts_all(x) _mm512_set1_epi16(x)
#define shorts_pairs(a, b) _mm512_madd_epi16(a, b)
#define bytes_pairs(a, b) _mm512_maddubs_epi16(a, b)
#define low32(a, b) _mm512_unpacklo_epi32(a, b)
#define high32(a, b) _mm512_unpackhi_epi32(a, b)
#define low64(a, b) _mm512_unpacklo_epi64(a, b)
#define high64(a, b) _mm512_unpackhi_epi64(a, b)
#define floats_load(p) _mm512_loadu_ps(p)
#define floats_store(p, v) _mm512_storeu_ps(p, v)
#define floats_all(x) _mm512_set1_ps(x)
#define floats_mul(a, b) _mm512_mul_ps(a, b)
#define floats_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define floats_of_ints(a) _mm512_cvtepi32_ps(a)
#define floats_of_halves(p) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) (p)))
#define floats_of_bfloats(p) \
    _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *) (p))), 16))

/** Sixteen bytes each of rows j, j + 4, j + 8 and j + 12, in this order. */
INLINE Ints rows_load(const u8 *const *rows, int j, long at) {
    Ints all = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *) (rows[j] + at)));
    all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *) (rows[j + 4] + at)), 1);
    all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *) (rows[j + 8] + at)), 2);
    return _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *) (rows[j + 12] + at)), 3);
}

/** The values of a vector from one lane on up to another; memory outside them is not touched. */
INLINE void floats_store_some(u8 *to, Floats values, int first, int end) {
    unsigned below = end < LANES ? (1u << end) - 1 : 0xffff;
    _mm512_mask_storeu_ps(to, (__mmask16) (below & ~0u << first), values);
}

INLINE void bytes_store(u8 *to, Ints values) {
    _mm_storeu_si128((__m128i *) to, _mm512_cvtepi32_epi8(values));
}

#else

enum { LANES = 8, PANELS = 1, TOKENS = 4 };

typedef __m256i Ints;
typedef __m256 Floats;

#define ints_zero() _mm256_setzero_si256()
#define ints_all(x) _mm256_set1_epi32(x)
#define ints_load(p) _mm256_loadu_si256((const __m256i *) (p))
#define ints_store(p, v) _mm256_storeu_si256((__m256i *) (p), v)
#define ints_add(a, b) _mm256_add_epi32(a, b)
#define ints_sub(a, b) _mm256_sub_epi32(a, b)
#define ints_of_bytes(p) _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *) (p)))
#define ints_and(a, b) _mm256_and_si256(a, b)
#define ints_max(a, b) _mm256_max_epi32(a, b)
#define ints_round(f) _mm256_cvtps_epi32(f)
#define ints_of_floats(f) _mm256_castps_si256(f)
#define bytes_all(x) _mm256_set1_epi8(x)
#define shorts_right(a, n) _mm256_srli_epi16(a, n)
#define shorts_add(a, b) _mm256_add_epi16(a, b)
#define shorts_all(x) _mm256_set1_epi16(x)
#define shorts_pairs(a, b) _mm256_madd_epi16(a, b)
#define bytes_pairs(a, b) _mm256_maddubs_epi16(a, b)
#define low32(a, b) _mm256_unpacklo_epi32(a, b)
#define high32(a, b) _mm256_unpackhi_epi32(a, b)
#define low64(a, b) _mm256_unpacklo_epi64(a, b)
#define high64(a, b) _mm256_unpackhi_epi64(a, b)
#define floats_load(p) _mm256_loadu_ps(p)
#define floats_store(p, v) _mm256_storeu_ps(p, v)
#define floats_all(x) _mm256_set1_ps(x)
#define floats_mul(a, b) _mm256_mul_ps(a, b)
#define floats_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define floats_of_ints(a) _mm256_cvtepi32_ps(a)
#define floats_of_halves(p) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) (p)))
#define floats_of_bfloats(p) \
    _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *) (p))), 16))

/** Sixteen bytes each of rows j and j + 4, in this order. */
INLINE Ints rows_load(const u8 *const *rows, int j, long at) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *) (rows[j] + at))),
            _mm_loadu_si128((const __m128i *) (rows[j + 4] + at)), 1);
}

INLINE int ints_sum(Ints values) {
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

INLINE int ints_largest(Ints values) {
    __m128i four = _mm_max_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_max_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

/** The values of a vector from one lane on up to another; memory outside them is not touched. */
INLINE void floats_store_some(u8 *to, Floats values, int first, int end) {
    __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i below = _mm256_cmpgt_epi32(_mm256_set1_epi32(end), numbers);
    __m256i before = _mm256_cmpgt_epi32(_mm256_set1_epi32(first), numbers);
    _mm256_maskstore_ps((float *) to, _mm256_andnot_si256(before, below), values);
}

INLINE void bytes_store(u8 *to, Ints values) {
    __m128i eight = _mm_packs_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
    _mm_storel_epi64((__m128i *) to, _mm_packs_epi16(eight, eight));
}

#endif

/*
 * Whether an instruction adds four products of a lane to an int32 at once. Written as assembly, because compilers copy the sum
 * of the intrinsic before and after each step.
 */
#if defined(__AVX512VNNI__) || defined(__AVXVNNI__)
#define VNNI 1

INLINE Ints dot(Ints sum, Ints codes, Ints values) {
#if defined(__AVX512VNNI__)
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(values));
#else
    __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(codes), "x"(values));
#endif
    return sum;
}
#else
#define VNNI 0
#endif

/** Four bytes at any address, in every lane. */
INLINE Ints quad(const u8 *at) {
    int32_t four;
    memcpy(&four, at, 4);
    return ints_all(four);
}

#endif
