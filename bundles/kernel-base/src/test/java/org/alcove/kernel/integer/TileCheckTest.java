package org.alcove.kernel.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.testkit.kernel.Processor;
import org.junit.jupiter.api.Test;

/** Tile units that are refused, lie, or lie a little. */
class TileCheckTest {

    private static final List<PackedLayout> LAYOUTS = PackQuantized.layouts("sym_int4", false).subList(0, 3);

    /** A format that nothing is packed in: it is multiplied, or refused before. */
    private static final class Words implements IntegerFormat {

        @Override
        public List<PackedLayout> layouts() {
            return LAYOUTS;
        }

        @Override
        public IntegerRows rows(PackedMatrix matrix) {
            throw new AssertionError();
        }

        @Override
        public void pack(FloatMatrix source, PackedMatrix target) {
            throw new AssertionError();
        }

        @Override
        public void repack(PackedMatrix from, PackedMatrix to) {
            throw new AssertionError();
        }
    }

    /** Every product is its row and the first byte of what was prepared for the token; one of them may be a bit larger. */
    private record Unit(int wrongToken) implements TileCheck.Arithmetic {

        @Override
        public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
                MemorySegment prepared) {
            long stride = PreparedLayout.of(layout, columns).stride();
            for (int token = first; token < end; token++) {
                prepared.set(ValueLayout.JAVA_BYTE, token * stride, (byte) token);
            }
        }

        @Override
        public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
                MemorySegment scratch) {
            long stride = PreparedLayout.of(weights.layout(), weights.shape().columns()).stride();
            for (int token = 0; token < tokens; token++) {
                float value = prepared.get(ValueLayout.JAVA_BYTE, token * stride);
                for (int row = rows.first(); row < rows.end(); row++) {
                    float product = value + row;
                    boolean wrong = tokens > 1 && token == wrongToken && row == rows.end() - 1
                            && weights.layout().groupSize() == 128;
                    y.setAtIndex(ValueLayout.JAVA_FLOAT, (long) token * weights.shape().rows() + row,
                            wrong ? Math.nextUp(product) : product);
                }
            }
        }
    }

    @Test
    void aUnitWithTheBitsOfTheVectorsPasses() {
        assertEquals(Optional.empty(), new TileCheck(new Unit(-1)).difference(LAYOUTS));
    }

    @Test
    void aSingleWrongBitIsFoundAndNamed() {
        String found = new TileCheck(new Unit(20)).difference(LAYOUTS).orElseThrow();
        assertTrue(found.contains("pack_quantized_f16") && found.contains("token 20, row 32"), found);
    }

    @Test
    void aLibraryThatTheOperatingSystemRefusesOrThatComputesWrongAcceptsNoLayouts() {
        for (String library : List.of("refused", "wrong")) {
            assumeTrue(NativeArithmetic.class.getResource(library + ".so") != null, "NOT TESTED: built without a C compiler");
            try (NativeKernel kernel = new TileKernel(new Words(), library) { }) {
                assertEquals(List.of(), kernel.layouts(), library);
            }
        }
    }

    @Test
    void theTileUnitOfThisMachineHasTheBitsOfTheVectors() {
        Processor.assumeHas("amx_tile", "amx_int8", "avx512_vnni");
        check("amx-int8");
    }

    @Test
    void theTileUnitInPlainCHasTheBitsOfTheVectors() {
        Processor.assumeHas("avx512_vnni");
        check("amx-int8-emulated");
    }

    private static void check(String tier) {
        Optional<NativeArithmetic> library = NativeArithmetic.open(tier);
        assumeTrue(library.isPresent(), "NOT TESTED: built without a C compiler");
        try (NativeArithmetic opened = library.orElseThrow()) {
            assumeTrue(opened.permission() == 0, "NOT TESTED: the operating system refuses tiles");
            List<PackedLayout> layouts = new ArrayList<>(LAYOUTS);
            layouts.addAll(PackQuantized.layouts("asym_int4", true));
            assertEquals(Optional.empty(), new TileCheck(opened).difference(layouts));
        }
    }
}
