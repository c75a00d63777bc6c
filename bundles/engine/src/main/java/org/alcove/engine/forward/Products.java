package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;

/**
 * Products of activations with weight matrices, tokens split over the team while they are prepared and rows while they are
 * multiplied. Owns prepared activations and scratch memory, which grow as the kernels in use ask for.
 */
final class Products implements AutoCloseable {

    /** What {@link #multiply} does first where activations are there already. */
    static final Team.Task NOTHING = (member, first, end) -> { };

    /** Multiplications that are worth waking one more member. */
    static final int WORTH_A_MEMBER = 1 << 18;
    private static final int GRAIN_ROWS = 32;
    private static final int MOST_TOGETHER = 3;

    private final Team team;
    private final Buffer[] prepared = new Buffer[MOST_TOGETHER];
    private final Buffer[] scratch;
    private final MemorySegment[] preparedFor = new MemorySegment[MOST_TOGETHER];
    private final Team.Task preparing = this::prepareShare;
    private final Team.Task multiplying = this::multiplyShare;
    private KernelLease lease;
    private WeightMatrix[] matrices;
    private MemorySegment[] results;
    private int tokens;
    private Team.Task before;
    private MemorySegment activations;
    /** How rows of each number were cut, for as many shares as there may be: made once. */
    private final List<RowRange[]> cuts = new ArrayList<>();
    /** For each matrix, the rows of each share. */
    private final RowRange[][] shares = new RowRange[MOST_TOGETHER][];

    Products(Team team) {
        this.team = team;
        this.scratch = new Buffer[team.size()];
        for (int i = 0; i < prepared.length; i++) {
            prepared[i] = new Buffer();
        }
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Buffer();
        }
    }

    /**
     * Multiplies the same activations by up to three matrices.
     *
     * @param computing computes the activations of some tokens
     * @param computed the activations, {@code [tokens][columns]}
     * @param targets for each matrix, {@code [tokens][rows]}
     */
    void multiply(KernelLease held, WeightMatrix[] by, Team.Task computing, MemorySegment computed, int tokenCount,
            MemorySegment[] targets) {
        lease = held;
        matrices = by;
        results = targets;
        tokens = tokenCount;
        before = computing;
        activations = computed;
        prepare();
        long work = 0;
        long scratchBytes = 0;
        for (int i = 0; i < by.length; i++) {
            work += by[i].shape().size() * tokenCount;
            scratchBytes = Math.max(scratchBytes, held.scratchBytes(by[i], tokenCount));
        }
        for (Buffer buffer : scratch) {
            buffer.atLeast(scratchBytes);
        }
        int count = (int) Math.min(team.size(), 1 + work / WORTH_A_MEMBER);
        for (int i = 0; i < by.length; i++) {
            shares[i] = cut(by[i].shape().rows(), count);
        }
        team.run(count, 1, count, multiplying);
    }

    private void prepare() {
        for (int i = 0; i < matrices.length; i++) {
            boolean shared = i > 0 && lease.sharesPrepared(matrices[0], matrices[i]);
            preparedFor[i] = shared ? preparedFor[0] : prepared[i].atLeast(lease.preparedBytes(matrices[i], tokens));
        }
        team.runSimple(tokens, matrices[0].shape().columns(), preparing);
        for (int i = 0; i < matrices.length; i++) {
            if (!isPrepared(i) && !lease.preparesApart(matrices[i])) {
                lease.prepare(matrices[i], activations, tokens, preparedFor[i]);
            }
        }
    }

    /** Whether what is prepared for the first matrix serves this one, too. */
    private boolean isPrepared(int index) {
        return index > 0 && preparedFor[index] == preparedFor[0];
    }

    private void prepareShare(int member, int first, int end) {
        before.run(member, first, end);
        for (int i = 0; i < matrices.length; i++) {
            if (!isPrepared(i) && lease.preparesApart(matrices[i])) {
                lease.prepareTokens(matrices[i], activations, first, end, preparedFor[i]);
            }
        }
    }

    private void multiplyShare(int member, int first, int end) {
        for (int i = 0; i < matrices.length; i++) {
            for (int part = first; part < end; part++) {
                if (shares[i][part].size() > 0) {
                    lease.multiply(matrices[i], preparedFor[i], tokens, shares[i][part], results[i], scratch[member].memory);
                }
            }
        }
    }

    private RowRange[] cut(int rows, int count) {
        for (int i = 0; i < cuts.size(); i++) {
            RowRange[] known = cuts.get(i);
            if (known.length == count && known[count - 1].end() == rows) {
                return known;
            }
        }
        RowRange[] made = new RowRange[count];
        for (int i = 0; i < count; i++) {
            made[i] = new RowRange(bound(rows, i, count), bound(rows, i + 1, count));
        }
        cuts.add(made);
        return made;
    }

    private static int bound(int rows, int share, int shares) {
        long grains = Math.ceilDiv(rows, GRAIN_ROWS);
        return (int) Math.min(rows, grains * share / shares * GRAIN_ROWS);
    }

    @Override
    public void close() {
        for (Buffer buffer : prepared) {
            buffer.close();
        }
        for (Buffer buffer : scratch) {
            buffer.close();
        }
    }

    /** Memory that grows. */
    private static final class Buffer {

        private Arena arena;
        private MemorySegment memory = MemorySegment.NULL;

        MemorySegment atLeast(long bytes) {
            if (memory.byteSize() < bytes) {
                close();
                arena = Arena.ofShared();
                memory = arena.allocate(bytes, 64);
            }
            return memory;
        }

        void close() {
            if (arena != null) {
                arena.close();
                arena = null;
                memory = MemorySegment.NULL;
            }
        }
    }
}
