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

#if defined(__AVX512VNNI__)
#define LANES 16
typedef __m512i vec;
static inline vec dot(vec sum, vec a, vec b) { return _mm512_dpbusd_epi32(sum, a, b); }
static inline vec fill(int value) { return _mm512_set1_epi8((char) value); }
#elif defined(__AVXVNNI__)
#define LANES 8
typedef __m256i vec;
static inline vec dot(vec sum, vec a, vec b) { return _mm256_dpbusd_avx_epi32(sum, a, b); }
static inline vec fill(int value) { return _mm256_set1_epi8((char) value); }
#else
#define LANES 8
typedef __m256i vec;
static inline vec dot(vec sum, vec a, vec b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}
static inline vec fill(int value) { return _mm256_set1_epi8((char) value); }
#endif

#define CHAINS 12

// Multiplies and adds bytes in registers; returns how many multiplications and additions `rounds` rounds are. `sink` takes a
// result, so that the work is not left out.
EXPORT int64_t multiply_bytes(int64_t rounds, int32_t *sink) {
    vec sums[CHAINS];
    for (int i = 0; i < CHAINS; i++) {
        sums[i] = fill(i);
    }
    vec a = fill(*sink & 3), b = fill(*sink & 5);
    for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 12
        for (int i = 0; i < CHAINS; i++) {
            sums[i] = dot(sums[i], a, b);
            __asm__ volatile("" : "+x"(sums[i]));
        }
    }
    int32_t all = 0;
    for (int i = 0; i < CHAINS; i++) {
        int32_t lanes[LANES];
        __builtin_memcpy(lanes, &sums[i], sizeof lanes);
        all ^= lanes[0] ^ lanes[LANES - 1];
    }
    *sink = all;
    return rounds * CHAINS * LANES * 4 * 2;
}
