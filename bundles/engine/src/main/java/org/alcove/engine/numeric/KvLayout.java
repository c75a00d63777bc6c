package org.alcove.engine.numeric;

import org.alcove.engine.KvType;

/**
 * Where keys and values stand within a block of {@value Tile#KEYS} positions: {@code [layer][keys, values][key head]}; the keys
 * of a head as {@code [column][position]}, its values as {@code [position][column]}, each followed by a float32 scale for each
 * position where the type has scales. All places are in bytes.
 *
 * @param layers of the model
 * @param keyHeads key and value heads
 * @param headSize columns of a head
 */
public record KvLayout(KvType type, int layers, int keyHeads, int headSize) {

    /** Bytes of the keys, or of the values, of one head. */
    public long headBytes() {
        long numbers = (long) type.bytes() * headSize * Tile.KEYS;
        return type == KvType.INT8 ? numbers + 4L * Tile.KEYS : numbers;
    }

    /** Bytes of a block. */
    public long blockBytes() {
        return 2L * layers * keyHeads * headBytes();
    }

    /** Where a layer begins. */
    long layerAt(int layer) {
        return 2L * layer * keyHeads * headBytes();
    }

    /** Where the keys of a head begin. */
    long keysAt(int layer, int keyHead) {
        return layerAt(layer) + keyHead * headBytes();
    }

    /** Where the values of a head begin. */
    long valuesAt(int layer, int keyHead) {
        return keysAt(layer, keyHead) + keyHeads * headBytes();
    }
}
