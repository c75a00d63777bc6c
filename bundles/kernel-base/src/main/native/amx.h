/*
 * The tile unit (AMX), or a stand-in in plain C where ALCOVE_AMX_EMULATED is defined: so the code that uses it can be tried on
 * machines without one. Assembly, not the compilers' intrinsics: those of GCC 12 do not say which memory they read, and stores to
 * it are then dropped. The compiler knows nothing of tiles and never touches them.
 */
#ifndef AMX_H
#define AMX_H

#include "lanes.h"

#if defined(__AMX_INT8__) || defined(ALCOVE_AMX_EMULATED)
#define AMX 1

enum { TILES = 8, TILE_ROWS = 16, TILE_BYTES = 64 };

/** As the instruction reads it: rows of each tile, and bytes of a row. */
struct tile_shapes {
    u8 palette;
    u8 start_row;
    u8 reserved[14];
    uint16_t bytes[16];
    u8 rows[16];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct tile_shapes) == 64, "as ldtilecfg reads it");

INLINE void tile_shape(struct tile_shapes *shapes, int tile, int rows, int bytes) {
    shapes->palette = 1;
    shapes->rows[tile] = (u8) rows;
    shapes->bytes[tile] = (uint16_t) bytes;
}

#if defined(ALCOVE_AMX_EMULATED)
#include "amx_emulated.h"
#else

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/** Nothing: the tiles are the processor's. */
struct tile_unit {
    char none;
};

/** Sets the tiles' shapes and clears them; for this thread, until tiles_release. */
INLINE void tiles_configure(struct tile_unit *unit, const struct tile_shapes *shapes) {
    (void) unit;
    __asm__ volatile("ldtilecfg %0" : : "m"(*shapes) : "memory");
}

/** Leaves nothing that a switch of threads or a signal would have to save. */
INLINE void tiles_release(struct tile_unit *unit) {
    (void) unit;
    __asm__ volatile("tilerelease" : : : "memory");
}

INLINE void tile_zero(struct tile_unit *unit, const int tile) {
    (void) unit;
    __asm__ volatile("tilezero %%tmm%c0" : : "i"(tile));
}

/** Rows that lie stride bytes apart. */
INLINE void tile_load(struct tile_unit *unit, const int tile, const void *from, long stride) {
    (void) unit;
    __asm__ volatile("tileloadd (%1,%2,1), %%tmm%c0" : : "i"(tile), "r"(from), "r"(stride) : "memory");
}

INLINE void tile_store(struct tile_unit *unit, const int tile, void *to, long stride) {
    (void) unit;
    __asm__ volatile("tilestored %%tmm%c0, (%1,%2,1)" : : "i"(tile), "r"(to), "r"(stride) : "memory");
}

/** sums[m][n] += x[m][4k + i] * w[k][4n + i] for all k and i of 0 to 3; signed bytes, int32. */
INLINE void tile_multiply(struct tile_unit *unit, const int sums, const int x, const int w) {
    (void) unit;
    __asm__ volatile("tdpbssd %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(sums), "i"(x), "i"(w));
}

enum { REQUEST_PERMISSION = 0x1023, PERMISSION = 0x1022, TILE_DATA = 18 };

/** Asks the operating system to let this process use tiles, all threads of it; 0, or what errno says. */
INLINE int tiles_permission(void) {
    unsigned long granted = 0;
    if (syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) != 0 || syscall(SYS_arch_prctl, PERMISSION, &granted) != 0) {
        return errno;
    }
    return granted >> TILE_DATA & 1 ? 0 : EPERM;
}

#endif
#else
#define AMX 0
#endif

#endif
