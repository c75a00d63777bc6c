package org.alcove.engine.forward;

import java.util.Optional;
import java.util.Set;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Numbers of a model's keys, without the architecture's name before them, checked. */
final class Keys {

    private final ModelFile file;
    private final Set<String> present;
    private final String prefix;

    Keys(ModelFile file) {
        this.file = file;
        this.present = Set.copyOf(file.keys());
        this.prefix = file.architecture() + ".";
    }

    /** Whether it is there, of whatever kind: one of another kind than is asked for is refused and not taken for absent. */
    boolean has(String key) {
        return present.contains(prefix + key);
    }

    /** Whether a number is there and is 0. */
    boolean zero(String key) {
        return file.number(prefix + key).orElse(1) == 0;
    }

    int positive(String key) throws ModelFormatException {
        int value = file.integer(prefix + key)
                .orElseThrow(() -> missing(key, "no integer of 32 bits"));
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
                .orElseThrow(() -> missing(key, "no number"));
        if (!(value > 0) || Double.isInfinite(value)) {
            throw error(key, "it is " + value + ", but a number above 0 is needed");
        }
        return value;
    }

    double number(String key, double otherwise) throws ModelFormatException {
        return has(key) ? number(key) : otherwise;
    }

    Optional<String> text(String key) throws ModelFormatException {
        Optional<String> text = file.text(prefix + key);
        if (text.isEmpty() && has(key)) {
            throw missing(key, "no text");
        }
        return text;
    }

    private ModelFormatException missing(String key, String otherKind) {
        return error(key, has(key) ? "it is " + otherKind + ", but one is needed; convert the model again"
                : "it is not there, but this architecture needs it");
    }

    ModelFormatException error(String key, String what) {
        return new ModelFormatException(file.path() + ": key " + prefix + key + ": " + what);
    }
}
