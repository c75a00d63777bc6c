/*
 * The instructions of amx.h in plain C, for tests. What the processor would refuse ends the process: shapes that do not fit, and
 * tiles that are not configured.
 */
#ifndef AMX_EMULATED_H
#define AMX_EMULATED_H

#include <stdlib.h>

struct tile_unit {
    struct tile_shapes shapes;
    u8 tiles[TILES][TILE_ROWS][TILE_BYTES];
};

static void tiles_expect(int as_it_must) {
    if (!as_it_must) {
        abort();
    }
}

static inline void tiles_configure(struct tile_unit *unit, const struct tile_shapes *shapes) {
    tiles_expect(shapes->palette == 1 && shapes->start_row == 0);
    for (int i = 0; i < 16; i++) {
        int used = shapes->rows[i] != 0;
        tiles_expect(used == (shapes->bytes[i] != 0) && (i < TILES || !used));
        tiles_expect(shapes->rows[i] <= TILE_ROWS && shapes->bytes[i] <= TILE_BYTES);
        tiles_expect(i >= 14 || shapes->reserved[i] == 0);
    }
    memset(unit, 0, sizeof *unit);
    unit->shapes = *shapes;
}

static inline void tiles_release(struct tile_unit *unit) {
    memset(unit, 0, sizeof *unit);
}

static inline void tile_zero(struct tile_unit *unit, int tile) {
    tiles_expect(unit->shapes.rows[tile] != 0);
    memset(unit->tiles[tile], 0, sizeof unit->tiles[tile]);
}

static inline void tile_load(struct tile_unit *unit, int tile, const void *from, long stride) {
    tile_zero(unit, tile);
    for (int i = 0; i < unit->shapes.rows[tile]; i++) {
        memcpy(unit->tiles[tile][i], (const u8 *) from + i * stride, unit->shapes.bytes[tile]);
    }
}

static inline void tile_store(struct tile_unit *unit, int tile, void *to, long stride) {
    tiles_expect(unit->shapes.rows[tile] != 0);
    for (int i = 0; i < unit->shapes.rows[tile]; i++) {
        memcpy((u8 *) to + i * stride, unit->tiles[tile][i], unit->shapes.bytes[tile]);
    }
}

static inline void tile_multiply(struct tile_unit *unit, int sums, int x, int w) {
    const struct tile_shapes *s = &unit->shapes;
    tiles_expect(s->rows[sums] != 0 && s->rows[sums] == s->rows[x] && s->bytes[sums] == s->bytes[w]
            && s->bytes[x] == 4 * s->rows[w] && s->bytes[w] % 4 == 0);
    for (int m = 0; m < s->rows[x]; m++) {
        for (int n = 0; n < s->bytes[w] / 4; n++) {
            int32_t sum;
            memcpy(&sum, unit->tiles[sums][m] + 4 * n, 4);
            for (int k = 0; k < s->bytes[x]; k++) {
                sum += (int8_t) unit->tiles[x][m][k] * (int8_t) unit->tiles[w][k / 4][4 * n + k % 4];
            }
            memcpy(unit->tiles[sums][m] + 4 * n, &sum, 4);
        }
    }
}

static inline int tiles_permission(void) {
    return 0;
}

#endif
