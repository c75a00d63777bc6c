/*
 * The products of docs/numerics.md, section 1. Lanes are rows, so the order of each chain is untouched. Many tokens: the codes of
 * a block of rows are unpacked once for a slice of columns, small enough for the first-level cache, and met by a few tokens at
 * a time. A few tokens: codes go from the matrix through registers, in the order of memory, as do those of rows that lie side by
 * side when the first tokens meet them.
 */
#include "tiles.h"

/** Most tokens whose codes go from the matrix through registers. */
enum { FEW = 6 };

/** Unpacks some groups of a panel, for tiles or not; panel says which of the block. */
INLINE void unpack(const int kind, const int tiles, const struct product *call, int first, int groups, int panel,
        const u8 *const *rows) {
    const struct matrix *m = &call->w;
    struct scratch *s = call->scratch;
    const int group = group_of(kind, m);
    int begin = first * group / CHUNK;
    int end_column = (first + groups) * group < m->columns ? (first + groups) * group : m->columns;
    u8 *to = s->codes + panel * 4 * LANES;
    for (int chunk = begin; chunk * CHUNK < end_column; chunk++) {
        Ints quads[QUADS];
        chunk_codes(kind, m, rows, chunk, quads);
        if (tiles) {
            signed_codes(kind, s->extras + ((chunk - begin) * CHUNK / group * PANELS + panel) * LANES, quads);
        }
        UNROLL
        for (int q = 0; q < QUADS; q++) {
            ints_store(to + q * PANELS * 4 * LANES, quads[q]);
        }
        to += QUADS * PANELS * 4 * LANES;
    }
}

/** Asks for the lines that the results will go to: no two tokens' share a page. */
INLINE void prefetch_results(const struct product *call, int first, int tokens, int row) {
    for (int t = first; t < first + tokens; t++) {
        const u8 *y = call->y + 4 * ((long) t * call->rows + row);
        __builtin_prefetch(y, 1);
        __builtin_prefetch(y + 64, 1);
    }
}

/** All tokens by the rows of a block, of which those from first to end are asked for; by tiles where there are any. */
INLINE void many(const int kind, struct tile_unit *const tiles, const struct product *call, int row, int first_row, int end) {
    const struct matrix *m = &call->w;
    struct scratch *s = call->scratch;
    const int group = group_of(kind, m);
    int per_slice = SLICE / group;
    int quads = is_half(kind) ? 4 : QUADS * chunks_of(kind, group);
    const u8 *rows[PANELS][LANES];
    int numbers[PANELS][LANES];
    const u8 *parts[ROWS];
    int panels = row + LANES < end ? PANELS : 1;
    /* Codes that lie side by side are unpacked by the first tile, while it multiplies them. */
    const int fresh = unpacks_in_tile(kind) && tiles == 0 && panels == PANELS;
    for (int p = 0; p < panels; p++) {
        panel_rows(kind, m, row + p * LANES, end, rows[p], numbers[p]);
        slice_parts(kind, rows[p], parts + p * LANES);
    }
    int steps = tiles != 0 ? ceil_div(call->tokens, tile_tokens(call->tokens)) : per_slice * ceil_div(call->tokens, TOKENS);
    memset(s->chains, 0, sizeof(float) * ROWS * (size_t) call->tokens);
    for (int first = 0; first < m->groups; first += per_slice) {
        int groups = m->groups - first < per_slice ? m->groups - first : per_slice;
        for (int p = 0; p < panels; p++) {
            panel_scales(kind, m, rows[p], numbers[p], first, groups, s->words, s->scales + p * LANES, s->extras + p * LANES,
                    ROWS);
            if (!fresh) {
                unpack(kind, tiles != 0, call, first, groups, p, rows[p]);
            }
        }
        int last = first + groups == m->groups && !is_half(kind)
                ? QUADS * chunks_of(kind, m->columns - (m->groups - 1) * group) : quads;
        struct block block = {.codes = s->codes, .kept = call->tokens > TOKENS, .scales = s->scales, .extras = s->extras,
            .groups = groups, .quads = quads, .last_quads = last};
        for (int p = 0; fresh && p < PANELS; p++) {
            block.packed[p] = rows[p][0] + (long) first * group / CHUNK * PANEL_BYTES;
        }
        struct upcoming next = upcoming_of(kind, m, parts, panels, row, first, per_slice, steps);
        prefetch_scales(kind, m, row, first, per_slice);
        for (int t = 0, tokens; t < call->tokens; t += tokens) {
            /* As many tiles as it takes, of the same size: 8 tokens are 4 and 4, not 6 and 2. */
            tokens = tiles != 0 ? tile_tokens(call->tokens - t)
                    : ceil_div(call->tokens - t, ceil_div(call->tokens - t, TOKENS));
            const u8 *token = call->prepared + t * call->x.stride;
            struct slice slice = {token + first * group, (const float *) (token + call->x.scales) + first,
                (const int32_t *) (token + call->x.sums) + first, call->x.stride};
            if (first + groups == m->groups) {
                prefetch_results(call, t, tokens, row);
            }
            if (tiles != 0) {
                prefetch_parts(&next);
                by_tiles(kind, is_wide(kind, call), tiles, &block, &slice, panels, tokens, s->chains + t * ROWS);
            } else {
                tile_for(kind, fresh && t == 0 ? PACKED : UNPACKED, tokens, quads)(&block, &slice, &next, s->chains + t * ROWS);
            }
        }
    }
    for (int t = 0; t < call->tokens; t++) {
        u8 *y = call->y + 4 * ((long) t * call->rows + row);
        for (int p = 0; p < panels; p++) {
            floats_store_some(y + 4 * p * LANES, floats_load(s->chains + t * ROWS + p * LANES),
                    p == 0 && row < first_row ? first_row - row : 0, end - row - p * LANES);
        }
    }
}

/**
 * A few tokens by the rows of a panel, of which those from first to end are asked for. Lanes of tokens that there are not repeat
 * the last one.
 */
INLINE void few(const int kind, const int tokens, const struct product *call, int row, int first_row, int end) {
    const struct matrix *m = &call->w;
    struct scratch *s = call->scratch;
    const u8 *rows[LANES];
    int numbers[LANES];
    panel_rows(kind, m, row, end, rows, numbers);
    const u8 *x[FEW];
    Floats chain[FEW];
    UNROLL
    for (int t = 0; t < tokens; t++) {
        x[t] = call->prepared + (t < call->tokens ? t : call->tokens - 1) * call->x.stride;
        chain[t] = floats_all(0);
    }
    const int extra = extra_of(kind);
    const int group = group_of(kind, m);
    const int per_chunk = is_half(kind) ? 2 : 1;
    /* Sums of a token: of two groups, or two of one, where there is too little else to do while a sum is added. */
    const int parts = is_half(kind) || tokens == 1 ? 2 : 1;
    int ahead = row + 2 * LANES <= call->rows;
    int per_slice = SLICE / group;
    for (int first = 0; first < m->groups; first += per_slice) {
        int groups = m->groups - first < per_slice ? m->groups - first : per_slice;
        panel_scales(kind, m, rows, numbers, first, groups, s->words, s->scales, s->extras, LANES);
        for (int g = 0; g < groups; g += per_chunk) {
            const int32_t *extras = s->extras + g * LANES;
            long sum_at = call->x.sums + 4L * (first + g);
            int column = (first + g) * group;
            int columns = m->columns - column < group ? m->columns - column : group;
            int second = is_half(kind) && g + 1 < groups;
            Ints sums[FEW][2];
            UNROLL
            for (int t = 0; t < tokens; t++) {
                const int32_t *sa = (const int32_t *) (x[t] + sum_at);
                sums[t][0] = start(extra, sa[0], extras);
                sums[t][1] = second ? start(extra, sa[1], extras + LANES) : ints_zero();
            }
            for (int c = 0; c < (is_grouped(kind) ? chunks_of(kind, columns) : 1); c++) {
                Ints quads[QUADS];
                chunk_codes(kind, m, rows, column / CHUNK + c, quads);
                UNROLL
                for (int t = 0; t < tokens; t++) {
                    const u8 *values = x[t] + column + c * CHUNK;
                    sums[t][0] = few_products(width_of(kind), quads, values, sums[t][0]);
                    sums[t][parts - 1] = few_products(width_of(kind), quads + 4, values + 16, sums[t][parts - 1]);
                }
                if (ahead) {
                    prefetch_chunk(kind, m, rows, column / CHUNK + c);
                }
            }
            UNROLL
            for (int t = 0; t < tokens; t++) {
                Ints sum = !is_half(kind) && parts == 2 ? ints_add(sums[t][0], sums[t][1]) : sums[t][0];
                const float *da = (const float *) (x[t] + call->x.scales) + first + g;
                const int32_t *sa = (const int32_t *) (x[t] + sum_at);
                chain[t] = step(extra, chain[t], sum, floats_load(s->scales + g * LANES), extras, da[0], sa[0]);
                if (second) {
                    chain[t] = step(extra, chain[t], sums[t][1], floats_load(s->scales + (g + 1) * LANES), extras + LANES, da[1],
                            sa[1]);
                }
            }
        }
    }
    UNROLL
    for (int t = 0; t < tokens; t++) {
        if (t < call->tokens) {
            floats_store_some(call->y + 4 * ((long) t * call->rows + row), chain[t], row < first_row ? first_row - row : 0,
                    end - row);
        }
    }
}

/** The row to begin with: panels of interleaved rows are multiplied whole. */
INLINE int start_row(const int kind, int first, int lanes) {
    return is_interleaved(kind) ? first & -lanes : first;
}

/** A constant number of tokens by all rows. */
INLINE void few_by_rows(const int kind, const int tokens, const struct product *call, int first, int end) {
    for (int row = start_row(kind, first, LANES); row < end; row += LANES) {
        few(kind, tokens, call, row, first, end);
    }
}

/** Many tokens by all rows. */
INLINE void many_by_rows(const int kind, const struct product *call, int first, int end) {
    if (uses_tiles(kind, call)) {
        struct tile_unit tiles;
        tiles_begin(kind, &tiles, call);
        for (int row = start_row(kind, first, LANES); row < end; row += ROWS) {
            many(kind, &tiles, call, row, first, end);
        }
        tiles_release(&tiles);
    } else {
        for (int row = start_row(kind, first, LANES); row < end; row += ROWS) {
            many(kind, 0, call, row, first, end);
        }
    }
}

typedef void rows_function(const struct product *, int, int);

INLINE void rows_of(const int kind, rows_function *const many_rows, const struct product *call, int first, int end) {
    const int cheap = is_nibbles(kind) || kind == Q8_0;
    if (call->tokens == 1) {
        few_by_rows(kind, 1, call, first, end);
    } else if (!cheap || unpacks_in_tile(kind) || call->tokens > FEW || uses_tiles(kind, call)) {
        many_rows(call, first, end);
    } else if (call->tokens <= FEW / 3) {
        few_by_rows(kind, FEW / 3, call, first, end);
    } else if (call->tokens <= FEW * 2 / 3) {
        few_by_rows(kind, FEW * 2 / 3, call, first, end);
    } else {
        few_by_rows(kind, FEW, call, first, end);
    }
}

/* Apart, so that the many variables of the one do not cost the other its registers. */
#define ROWS_OF(kind) \
    static __attribute__((noinline)) void many_of_##kind(const struct product *call, int first, int end) { \
        many_by_rows(kind, call, first, end); \
    } \
    static __attribute__((noinline)) void rows_of_##kind(const struct product *call, int first, int end) { \
        rows_of(kind, many_of_##kind, call, first, end); \
    }

ROWS_OF(Q4_0)
ROWS_OF(Q4_1)
ROWS_OF(WORDS)
ROWS_OF(WORDS_ZEROS)
ROWS_OF(Q8_0)
ROWS_OF(Q5_0)
ROWS_OF(Q5_1)
ROWS_OF(Q4_K)
ROWS_OF(Q5_K)
ROWS_OF(Q6_K)
ROWS_OF(INTERLEAVED)
ROWS_OF(INTERLEAVED_MINIMA)
ROWS_OF(INTERLEAVED_ZEROS)

/**
 * The products of some tokens and the rows from first to end.
 *
 * @param prepared what alcove_prepare wrote
 * @param weight_group columns that share a scale of the file
 * @param planes addresses, unused ones null
 * @param y float32 [tokens][rows of the matrix]
 */
EXPORT void alcove_multiply(const u8 *prepared, int tokens, int kind, int scale_type, int weight_group, int rows, int columns,
        const u8 *plane0, const u8 *plane1, const u8 *plane2, int first, int end, u8 *y, struct scratch *scratch) {
    struct product call = {.x = prepared_of(columns, weight_group), .prepared = prepared, .tokens = tokens, .rows = rows, .y = y,
        .scratch = scratch};
    int scales = ceil_div(columns, weight_group);
    long codes = is_interleaved(kind) ? (long) ceil_div(columns, CHUNK) * PANEL_BYTES
            : is_words(kind) ? 4L * ceil_div(columns, 8) : (long) ceil_div(columns, block_columns(kind)) * block_bytes(kind);
    long side_by_side = is_interleaved(kind) ? PANEL_ROWS : 1;
    long extra_bytes = kind == INTERLEAVED_MINIMA ? 2 : kind == INTERLEAVED_ZEROS ? 1 : 4;
    call.w = (struct matrix) {.planes = {plane0, plane1, plane2},
        .strides = {codes, scales * side_by_side * (scale_type == F32 ? 4 : 2), scales * side_by_side * extra_bytes},
        .kind = kind, .scale_type = scale_type, .columns = columns, .group = call.x.group, .groups = call.x.groups,
        .spread = ceil_div(weight_group, call.x.group)};
    static rows_function *const functions[] = {rows_of_Q4_0, rows_of_Q4_1, rows_of_WORDS,
        rows_of_WORDS_ZEROS, rows_of_Q8_0, rows_of_Q5_0, rows_of_Q5_1, rows_of_Q4_K, rows_of_Q5_K, rows_of_Q6_K,
        rows_of_INTERLEAVED, rows_of_INTERLEAVED_MINIMA, rows_of_INTERLEAVED_ZEROS};
    functions[kind](&call, first, end);
}

#if AMX
/** Must be 0 before anything is multiplied; else what errno says about the refusal. */
EXPORT int alcove_permission(void) {
    return tiles_permission();
}
#endif
