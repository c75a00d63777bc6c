package org.alcove.weights.quantize;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Keys of a model without the architecture's name before them. */
record ModelKeys(ModelFile file) {

    private String full(String key) {
        return file.architecture() + "." + key;
    }

    OptionalInt integer(String key) {
        return file.integer(full(key));
    }

    OptionalDouble number(String key) {
        return file.number(full(key));
    }

    Optional<String> text(String key) {
        return file.text(full(key));
    }

    /** An integer that must be there and at least 1. */
    int positive(String key) throws ModelFormatException {
        int value = integer(key).orElseThrow(() -> error(key, "it is missing or no integer of 32 bits"));
        if (value < 1) {
            throw error(key, "it is " + value + ", at least 1 is needed");
        }
        return value;
    }

    /** A number that must be there and above 0. */
    double positiveNumber(String key) throws ModelFormatException {
        double value = number(key).orElseThrow(() -> error(key, "it is missing or no number"));
        if (!(value > 0) || Double.isInfinite(value)) {
            throw error(key, "it is " + value + ", a number above 0 is needed");
        }
        return value;
    }

    int heads() throws ModelFormatException {
        return positive("attention.head_count");
    }

    int keyHeads() throws ModelFormatException {
        return integer("attention.head_count_kv").isPresent() ? positive("attention.head_count_kv") : heads();
    }

    int headSize() throws ModelFormatException {
        if (integer("attention.key_length").isPresent()) {
            return positive("attention.key_length");
        }
        int width = positive("embedding_length");
        if (width % heads() != 0) {
            throw error("attention.head_count", heads() + " heads do not divide a width of " + width
                    + ", and there is no attention.key_length");
        }
        return width / heads();
    }

    ModelFormatException error(String key, String what) {
        return new ModelFormatException(file.path() + ": key " + full(key) + ": " + what);
    }
}
