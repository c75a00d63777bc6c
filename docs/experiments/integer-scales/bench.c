/*
 * Integer scales beside plain groups: random matrices of the same shape, one thread, AVX512-VNNI. Plain groups are multiplied by
 * the kernel that ships. README.md says how to build it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "integer_scales.h"

struct scratch;
void alcove_prepare(const Loose *x, int first, int end, int columns, int kind, int weight_group, u8 *prepared);
void alcove_multiply(const u8 *prepared, int tokens, int kind, int scale_type, int weight_group, int rows, int columns,
        const u8 *plane0, const u8 *plane1, const u8 *plane2, int first, int end, u8 *y, struct scratch *scratch);

static void *area(size_t bytes) {
    void *at = aligned_alloc(4096, (bytes + 8191) & ~4095ul);
    if (at == NULL) {
        fprintf(stderr, "bench: %zu bytes are more memory than there is; give fewer rows\n", bytes);
        exit(1);
    }
    memset(at, 0, (bytes + 8191) & ~4095ul);
    return at;
}

static uint64_t state = 88172645463325252ull;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t) (state >> 16);
}

static void plain(const struct work *w, int group, int first, int end) {
    alcove_multiply(w->prepared[group == 128], w->tokens, INTERLEAVED, F16, group, w->rows, w->columns, w->codes, w->plain_scales,
            NULL, first, end, (u8 *) w->y, (struct scratch *) w->memory);
}

static void plain_32(const struct work *w, int first, int end) {
    plain(w, 32, first, end);
}

static void plain_128(const struct work *w, int first, int end) {
    plain(w, 128, first, end);
}

static void check(const struct work *w) {
    integer_scales(w, 0, w->rows);
    for (int i = 0; i < 200; i++) {
        int token = (int) (next_random() % (uint32_t) w->tokens);
        int row = (int) (next_random() % (uint32_t) w->rows);
        float expected = reference(w, token, row);
        float found = w->y[(long) token * w->rows + row];
        if (memcmp(&expected, &found, 4) != 0) {
            fprintf(stderr, "bench: token %d, row %d is %.9g where a plain loop has %.9g\n", token, row, found, expected);
            exit(1);
        }
    }
}

static double thread_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void fill(struct work *w) {
    long weights = (long) w->rows * w->columns;
    w->codes = area((size_t) weights / 2);
    w->plain_scales = area((size_t) weights / 16);
    w->integers = area((size_t) weights / 64);
    w->scales = area((size_t) weights / 128);
    for (long i = 0; i < weights / 8; i++) {
        ((uint32_t *) w->codes)[i] = next_random();
    }
    for (long i = 0; i < weights / 32; i++) {
        ((uint16_t *) w->plain_scales)[i] = (uint16_t) (0x2000 + next_random() % 0x800);
    }
    for (long i = 0; i < weights / BLOCK; i++) {
        w->scales[i] = (uint16_t) (0x1400 + next_random() % 0x800);
        for (int g = 0; g < GROUPS; g++) {
            w->integers[i] |= (1 + next_random() % 15) << 4 * g;
        }
    }
    float *x = area(sizeof(float) * (size_t) w->tokens * (size_t) w->columns);
    for (long i = 0; i < (long) w->tokens * w->columns; i++) {
        x[i] = (float) (int) (next_random() % 2001 - 1000u) / 500;
    }
    for (int i = 0; i < 2; i++) {
        int group = i == 0 ? 32 : 128;
        w->prepared[i] = area((size_t) (prepared_of(w->columns, group).stride * w->tokens));
        alcove_prepare(x, 0, w->tokens, w->columns, INTERLEAVED, group, w->prepared[i]);
    }
    w->stride = aligned(w->columns + 8L * (w->columns / BLOCK) + 4L * (w->columns / CHUNK)) + 64;
    w->blocked = area((size_t) (w->stride * w->tokens));
    prepare_blocks(w, x);
    free(x);
    w->y = area(sizeof(float) * (size_t) w->tokens * (size_t) w->rows);
    w->memory = area(1 << 20);
}

/**
 * Times each kernel on each of some parts of the rows, again and again, one kernel after the other; of each part the best counts.
 * The processor time of the thread is taken, so that what else runs on the machine is felt only through caches and memory.
 */
static void measure(const char *what, int rows, int columns, int tokens, int part, int repeats) {
    struct work w = {.rows = rows, .columns = columns, .tokens = tokens};
    fill(&w);
    check(&w);
    static void (*const kernels[])(const struct work *, int, int) = {plain_32, plain_128, integer_scales};
    double total[3] = {0};
    int parts = rows / part;
    double *best = area(sizeof(double) * 3 * (size_t) parts);
    for (int repeat = 0; repeat < repeats; repeat++) {
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < parts; i++) {
                double start = thread_seconds();
                kernels[k](&w, i * part, (i + 1) * part);
                double time = thread_seconds() - start;
                double *least = best + 3 * i + k;
                *least = *least == 0 || time < *least ? time : *least;
            }
        }
    }
    for (int i = 0; i < 3 * parts; i++) {
        total[i % 3] += best[i];
    }
    double products = (double) parts * part * columns * tokens;
    printf("%-24s %5d x %d, %3d tokens | G products/s: plain 32 %5.1f, plain 128 %5.1f, integer %5.1f"
            " | times plain 32: integer %.2f, plain 128 %.2f\n", what, rows, columns, tokens, products / total[0] / 1e9,
            products / total[1] / 1e9, products / total[2] / 1e9, total[0] / total[2], total[0] / total[1]);
    fflush(stdout);
    void *areas[] = {best, w.codes, w.plain_scales, w.integers, w.scales, w.prepared[0], w.prepared[1], w.blocked, w.y, w.memory};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        free(areas[i]);
    }
}

int main(void) {
    measure("prompt, q and output", 2048, 2048, 512, 128, 20);
    measure("prompt, gate and up", 5632, 2048, 512, 128, 20);
    measure("prompt, down", 2048, 5632, 512, 64, 20);
    measure("one token, in the cache", 512, 2048, 1, 512, 2000);
    measure("one token, in the cache", 192, 5632, 1, 192, 2000);
    measure("one token, from memory", 5632 * 8, 2048, 1, 1408, 12);
    measure("one token, from memory", 2048 * 8, 5632, 1, 512, 12);
    return 0;
}
