package org.alcove.engine.forward;

import java.util.Optional;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Numbers of a model's keys, without the architecture's name before them, checked. */
final class Keys {

    private final ModelFile file;
    private final String prefix;

    Keys(ModelFile file) {
        this.file = file;
        this.prefix = file.architecture() + ".";
    }

    boolean has(String key) {
        return file.number(prefix + key).isPresent() || file.text(prefix + key).isPresent();
    }

    /** Whether a number is there and is 0. */
    boolean zero(String key) {
        return file.number(prefix + key).orElse(1) == 0;
    }

    int positive(String key) throws ModelFormatException {
        int value = file.integer(prefix + key)
                .orElseThrow(() -> error(key, "it is not there or no integer, but this architecture needs it"));
        if (value < 1) {
            throw error(key, "it is " + value + ", but at least 1 is needed");
        }
        return value;
    }

    int positive(String key, int otherwise) throws ModelFormatException {
        return has(key) ? positive(key) : otherwise;
    }

    double number(String key) throws ModelFormatException {
        double value = file.number(prefix + key)
                .orElseThrow(() -> error(key, "it is not there or no number, but this architecture needs it"));
        if (!(value > 0) || Double.isInfinite(value)) {
            throw error(key, "it is " + value + ", but a number above 0 is needed");
        }
        return value;
    }

    double number(String key, double otherwise) throws ModelFormatException {
        return has(key) ? number(key) : otherwise;
    }

    Optional<String> text(String key) {
        return file.text(prefix + key);
    }

    ModelFormatException error(String key, String what) {
        return new ModelFormatException(file.path() + ": key " + prefix + key + ": " + what);
    }
}
