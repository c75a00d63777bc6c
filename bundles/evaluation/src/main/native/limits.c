// What a processor can do at best: read memory, and multiply bytes with the widest instruction it was compiled for.
#include <immintrin.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

// Reads `bytes` bytes, a multiple of 256, from 64-byte aligned memory; returns something that depends on all of them.
EXPORT int64_t read_memory(const uint8_t *from, int64_t bytes) {
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (const uint8_t *at = from; at < from + bytes; at += 256) {
        a = _mm256_xor_si256(a, _mm256_load_si256((const __m256i *) at));
        b = _mm256_xor_si256(b, _mm256_load_si256((const __m256i *) (at + 32)));
        c = _mm256_xor_si256(c, _mm256_load_si256((const __m256i *) (at + 64)));
        d = _mm256_xor_si256(d, _mm256_load_si256((const __m256i *) (at + 96)));
        e = _mm256_xor_si256(e, _mm256_load_si256((const __m256i *) (at + 128)));
        f = _mm256_xor_si256(f, _mm256_load_si256((const __m256i *) (at + 160)));
        g = _mm256_xor_si256(g, _mm256_load_si256((const __m256i *) (at + 192)));
        h = _mm256_xor_si256(h, _mm256_load_si256((const __m256i *) (at + 224)));
    }
    a = _mm256_xor_si256(_mm256_xor_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(c, d)),
                         _mm256_xor_si256(_mm256_xor_si256(e, f), _mm256_xor_si256(g, h)));
    return _mm256_extract_epi64(a, 0) ^ _mm256_extract_epi64(a, 1) ^ _mm256_extract_epi64(a, 2) ^ _mm256_extract_epi64(a, 3);
}

// As assembly where it is one instruction: compilers copy the sum of the intrinsic before and after each step.
#if defined(__AVX512VNNI__)
#define LANES 16
typedef __m512i vec;
static inline vec either(vec a, vec b) { return _mm512_xor_si512(a, b); }
static inline vec dot(vec sum, vec a, vec b) {
    __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
}
static inline vec fill(int value) { return _mm512_set1_epi8((char) value); }
#elif defined(__AVXVNNI__)
#define LANES 8
typedef __m256i vec;
static inline vec either(vec a, vec b) { return _mm256_xor_si256(a, b); }
static inline vec dot(vec sum, vec a, vec b) {
    __asm__ volatile("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b));
    return sum;
}
static inline vec fill(int value) { return _mm256_set1_epi8((char) value); }
#else
#define LANES 8
typedef __m256i vec;
static inline vec either(vec a, vec b) { return _mm256_xor_si256(a, b); }
static inline vec dot(vec sum, vec a, vec b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}
static inline vec fill(int value) { return _mm256_set1_epi8((char) value); }
#endif

#define CHAINS 12

// Multiplies and adds bytes in registers; returns how many multiplications and additions `rounds` rounds are. `sink` takes a
// result, so that the work is not left out.
EXPORT int64_t multiply_bytes(int64_t rounds, int32_t *sink) {
    // All loops over the sums are unrolled, or they would lie in memory and each step would wait for the one before to be stored.
    vec sums[CHAINS];
#pragma GCC unroll 12
    for (int i = 0; i < CHAINS; i++) {
        sums[i] = fill(i);
    }
    vec a = fill(*sink & 3), b = fill(*sink & 5);
    for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 12
        for (int i = 0; i < CHAINS; i++) {
            __asm__ volatile("" : "+x"(a)); // the compiler may not know that it is the same as before
            sums[i] = dot(sums[i], a, b);
        }
    }
    vec all = sums[0];
#pragma GCC unroll 12
    for (int i = 1; i < CHAINS; i++) {
        all = either(all, sums[i]);
    }
    int32_t lanes[LANES];
    __builtin_memcpy(lanes, &all, sizeof lanes);
    *sink = lanes[0] ^ lanes[LANES - 1];
    return rounds * CHAINS * LANES * 4 * 2;
}
