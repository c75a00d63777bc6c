package org.alcove.engine.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What attention works on in one step: new queries, keys and values, the blocks of the sequences, and how the work is cut into
 * units. A unit is some query heads, which share a key head, of neighbouring tokens of one sequence: they meet each tile of keys
 * together. How the work is cut does not change a result. Filled by one thread, read by the team.
 */
public final class AttentionStep implements AutoCloseable {

    /** Most rows, a head of a token each, of a unit; the native code has room for that many. */
    static final int MOST_ROWS = 64;
    /** Rows that meet a tile at once in native code: fewer in a unit would waste reads. */
    private static final int LEAST_ROWS = 4;
    private static final int USUAL_ROWS = 32;
    private static final int UNITS_A_MEMBER = 4;
    private static final int UNIT_FIELDS = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    final KvLayout layout;
    final int heads;
    final int window;
    final float scale;
    final MemorySegment queries;
    final MemorySegment keys;
    final MemorySegment values;
    final MemorySegment result;
    /** {@code struct step} of the native code. */
    final MemorySegment struct;
    final MemorySegment[] scratch;
    final Tile[] tiles;
    int[] positions;
    int[][] tables;
    MemorySegment[] blocks;

    private final Arena arena;
    private final MemorySegment nativePositions;
    private final MemorySegment nativeTables;
    private final MemorySegment units;
    /** For each unit the cost of all units up to it. */
    private final int[] costs;
    private Arena addressArena;
    private MemorySegment addresses = MemorySegment.NULL;
    private int unitCount;

    /**
     * Room for steps of that many tokens.
     *
     * @param heads query heads
     * @param window how many positions back a token sees, itself included
     * @param members of the team
     */
    public AttentionStep(KvLayout layout, int heads, int window, int tokens, int members) {
        this(new PageArena(), layout, heads, window, tokens, members);
    }

    AttentionStep(Arena arena, KvLayout layout, int heads, int window, int tokens, int members) {
        this.arena = arena;
        this.layout = layout;
        this.heads = heads;
        this.window = window;
        this.scale = (float) (1 / Math.sqrt(layout.headSize()));
        try {
            queries = floats((long) tokens * heads * layout.headSize());
            keys = floats((long) tokens * layout.keyHeads() * layout.headSize());
            values = floats((long) tokens * layout.keyHeads() * layout.headSize());
            result = floats((long) tokens * heads * layout.headSize());
            nativePositions = arena.allocate(4L * tokens, 64);
            nativeTables = arena.allocate(8L * tokens, 64);
            units = arena.allocate(4L * UNIT_FIELDS * tokens * heads, 64);
            costs = new int[tokens * heads];
            scratch = new MemorySegment[members];
            tiles = new Tile[members];
            long column = Math.ceilDiv(layout.headSize(), 16) * 16L;
            for (int i = 0; i < members; i++) {
                scratch[i] = floats(LEAST_ROWS * (Tile.KEYS + column));
                tiles[i] = new Tile(arena, layout);
            }
            struct = arena.allocate(7 * 8 + 6 * 4, 64);
            writeStruct();
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment floats(long count) {
        return arena.allocate(4 * count, 64);
    }

    private void writeStruct() {
        MemorySegment[] pointers = {queries, result, keys, values, nativePositions, nativeTables, units};
        for (int i = 0; i < pointers.length; i++) {
            struct.setAtIndex(LONG, i, pointers[i].address());
        }
        int[] sizes = {heads, layout.keyHeads(), layout.headSize(), window, layout.type().ordinal()};
        for (int i = 0; i < sizes.length; i++) {
            struct.setAtIndex(INT, 2L * pointers.length + i, sizes[i]);
        }
        struct.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * pointers.length + sizes.length, scale);
    }

    /** (tokens, heads, headSize). */
    public MemorySegment queries() {
        return queries;
    }

    /** (tokens, key heads, headSize): the new ones. */
    public MemorySegment keys() {
        return keys;
    }

    /** (tokens, key heads, headSize): the new ones. */
    public MemorySegment values() {
        return values;
    }

    /** (tokens, heads, headSize). */
    public MemorySegment result() {
        return result;
    }

    /**
     * Takes a step's tokens.
     *
     * @param tokenPositions for each token its position
     * @param tokenTables for each token the blocks of its sequence; neighbouring tokens of one sequence give the same array
     * @param memory of each block
     */
    public void begin(int tokens, int[] tokenPositions, int[][] tokenTables, MemorySegment[] memory) {
        positions = tokenPositions;
        tables = tokenTables;
        blocks = memory;
        unitCount = 0;
        int rows = Math.clamp(tokens * (long) heads / (UNITS_A_MEMBER * tiles.length), LEAST_ROWS, USUAL_ROWS);
        reserve(tokens);
        long next = 0;
        for (int t = 0; t < tokens;) {
            int end = t + 1;
            while (end < tokens && tables[end] == tables[t] && positions[end] == positions[end - 1] + 1) {
                end++;
            }
            int tiled = positions[end - 1] / Tile.KEYS + 1;
            for (int i = positions[t] - window + 1 > 0 ? (positions[t] - window + 1) / Tile.KEYS : 0; i < tiled; i++) {
                addresses.setAtIndex(LONG, next + i, blocks[tables[t][i]].address());
            }
            for (int i = t; i < end; i++) {
                nativePositions.setAtIndex(INT, i, positions[i]);
                nativeTables.setAtIndex(LONG, i, addresses.address() + 8 * next);
            }
            next += tiled;
            cut(t, end, rows);
            t = end;
        }
    }

    /** Room for the addresses of all blocks. */
    private void reserve(int tokens) {
        long most = 0;
        for (int t = 0; t < tokens; t++) {
            boolean last = t + 1 == tokens || tables[t + 1] != tables[t] || positions[t + 1] != positions[t] + 1;
            most += last ? positions[t] / Tile.KEYS + 1 : 0;
        }
        if (addresses.byteSize() < 8 * most) {
            closeAddresses();
            addressArena = Arena.ofShared();
            addresses = addressArena.allocate(16 * most, 64);
        }
    }

    /** Cuts the work of a sequence's tokens into units of about that many rows. */
    private void cut(int first, int end, int rows) {
        int group = heads / layout.keyHeads();
        int headsTogether = Math.min(group, rows);
        int tokensTogether = Math.max(1, rows / headsTogether);
        for (int keyHead = 0; keyHead < layout.keyHeads(); keyHead++) {
            for (int t = first; t < end; t += tokensTogether) {
                for (int head = 0; head < group; head += headsTogether) {
                    addUnit(t, Math.min(tokensTogether, end - t), keyHead * group + head, Math.min(headsTogether, group - head));
                }
            }
        }
    }

    private void addUnit(int token, int tokens, int head, int unitHeads) {
        long at = (long) UNIT_FIELDS * unitCount;
        units.setAtIndex(INT, at, token);
        units.setAtIndex(INT, at + 1, tokens);
        units.setAtIndex(INT, at + 2, head);
        units.setAtIndex(INT, at + 3, unitHeads);
        int before = unitCount == 0 ? 0 : costs[unitCount - 1];
        int last = positions[token + tokens - 1];
        costs[unitCount++] = before + tokens * unitHeads * (last / Tile.KEYS - firstKey(positions[token]) / Tile.KEYS + 1);
    }

    /** The first position that a token sees. */
    int firstKey(int position) {
        return Math.max(0, position - window + 1);
    }

    /** Cost of all units: tiles that rows meet. */
    public int cost() {
        return unitCount == 0 ? 0 : costs[unitCount - 1];
    }

    /** The first unit that begins at that cost or later: a range of costs is computed by whoever has where its units begin. */
    public int unitAt(int cost) {
        int low = 0;
        int high = unitCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int start = middle == 0 ? 0 : costs[middle - 1];
            if (start < cost) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int unit(int unit, int field) {
        return units.getAtIndex(INT, (long) UNIT_FIELDS * unit + field);
    }

    private void closeAddresses() {
        if (addressArena != null) {
            addressArena.close();
            addressArena = null;
        }
    }

    @Override
    public void close() {
        closeAddresses();
        arena.close();
    }
}
