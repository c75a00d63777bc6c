package org.alcove.weights.quantize;

import java.util.function.IntUnaryOperator;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * The order of the rows of q and k. RoPE turns pairs of a head's columns; GGUF files of the llama family keep the two of a pair
 * beside each other ({@code adjacent}), Hugging Face folders keep them half a head apart ({@code halves}). So between the two,
 * rows move within each head; columns of a head that are not rotated stay where they are.
 *
 * @param headSize rows of a head
 * @param rotated rows of a head that are rotated, an even number
 */
record RotaryOrder(int headSize, int rotated) {

    static RotaryOrder of(ModelFile file) throws ModelFormatException {
        ModelKeys keys = new ModelKeys(file);
        int headSize = keys.headSize();
        int rotated = keys.integer("rope.dimension_count").orElse(headSize);
        if (rotated < 2 || rotated > headSize || rotated % 2 != 0) {
            throw keys.error("rope.dimension_count", "it is " + rotated + ", but an even number up to " + headSize
                    + " is needed");
        }
        return new RotaryOrder(headSize, rotated);
    }

    /** For each row of {@code halves}, its row in {@code adjacent}. */
    IntUnaryOperator halvesFromAdjacent() {
        int half = rotated / 2;
        return row -> {
            int within = row % headSize;
            return within >= rotated ? row : row - within + 2 * (within % half) + within / half;
        };
    }

    /** For each row of {@code adjacent}, its row in {@code halves}. */
    IntUnaryOperator adjacentFromHalves() {
        int half = rotated / 2;
        return row -> {
            int within = row % headSize;
            return within >= rotated ? row : row - within + within % 2 * half + within / 2;
        };
    }
}
