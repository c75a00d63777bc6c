package org.alcove.weights.store;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.alcove.weights.checkpoint.StoredTensor;

/**
 * Hash of a tensor table and of samples of its bytes. A plane of up to {@value #WHOLE} bytes goes in whole; of a longer one
 * {@value #SAMPLES} samples, evenly spread from its first to its last byte: a 7B model has some 5 MB of them.
 */
final class Fingerprint {

    private static final int WHOLE = 1 << 14;
    private static final int SAMPLES = 16;
    private static final int SAMPLE_BYTES = WHOLE / SAMPLES;

    private final MessageDigest digest;

    Fingerprint() {
        digest = Digests.sha256();
    }

    /** Adds a tensor; the order counts. */
    void add(StoredTensor tensor, List<MemorySegment> planes) {
        digest.update((tensor.name() + '\n' + tensor.layout().orElseThrow() + '\n' + tensor.shape() + '\n')
                .getBytes(StandardCharsets.UTF_8));
        for (MemorySegment plane : planes) {
            if (plane.byteSize() <= WHOLE) {
                digest.update(plane.asByteBuffer());
                continue;
            }
            long step = (plane.byteSize() - SAMPLE_BYTES) / (SAMPLES - 1);
            for (int i = 0; i < SAMPLES; i++) {
                long from = i == SAMPLES - 1 ? plane.byteSize() - SAMPLE_BYTES : i * step;
                digest.update(plane.asSlice(from, SAMPLE_BYTES).asByteBuffer());
            }
        }
    }

    /** The hash so far, 16 hexadecimal digits. */
    String text() {
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
