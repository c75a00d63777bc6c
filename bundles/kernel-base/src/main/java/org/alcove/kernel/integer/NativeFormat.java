package org.alcove.kernel.integer;

import org.alcove.api.kernel.PackedLayout;

/** The layouts that native code knows, in the order of {@code enum kind} in {@code matrix.h}. */
enum NativeFormat {

    Q4_0, Q4_1, WORDS, WORDS_ZEROS, Q8_0, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, INTERLEAVED, INTERLEAVED_MINIMA, INTERLEAVED_ZEROS;

    private static final NativeFormat[] ALL = values();

    static NativeFormat of(PackedLayout layout) {
        if (InterleavedLayouts.is(layout)) {
            return layout.planes().size() == 2 ? INTERLEAVED
                    : layout.planes().get(2).name().equals(InterleavedLayouts.MINIMA) ? INTERLEAVED_MINIMA : INTERLEAVED_ZEROS;
        }
        if (PackQuantized.is(layout)) {
            return layout.planes().size() == 2 ? WORDS : WORDS_ZEROS;
        }
        // Asked for each range of rows of a product, so no text is made of it.
        for (NativeFormat format : ALL) {
            if (format.name().equalsIgnoreCase(layout.name())) {
                return format;
            }
        }
        throw new IllegalArgumentException("native code does not know the layout " + layout.name());
    }

    /** How scales are stored, in the order of {@code enum scale_type}. */
    int scaleType(PackedLayout layout) {
        if (InterleavedLayouts.is(layout)) {
            return InterleavedLayouts.scaleType(layout).ordinal();
        }
        return PackQuantized.is(layout) ? PackQuantized.scaleType(layout).ordinal() : ScaleType.F16.ordinal();
    }
}
