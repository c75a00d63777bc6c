package org.alcove.openai;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happens with one field of a JSON object. {@code null} counts as absent everywhere.
 *
 * @param <D> where values of fields that work are kept
 */
sealed interface Rule<D> {

    /** Name of the field. */
    String field();

    /** The field works: its value is checked and kept. */
    record Works<D>(String field, BiConsumer<D, Value> keep) implements Rule<D> {
    }

    /** The field is checked and has no effect here; {@code docs/api.md} says why that is no lie. */
    record NoEffect<D>(String field, Consumer<Value> check) implements Rule<D> {
    }

    /** The field is refused by name, unless its value asks for nothing. */
    record Refused<D>(String field, Predicate<Value> asksForNothing, String why) implements Rule<D> {
    }

    static <D> Rule<D> works(String field, BiConsumer<D, Value> keep) {
        return new Works<>(field, keep);
    }

    static <D> Rule<D> noEffect(String field, Consumer<Value> check) {
        return new NoEffect<>(field, check);
    }

    static <D> Rule<D> refused(String field, String why) {
        return new Refused<>(field, value -> false, why);
    }

    static <D> Rule<D> refusedUnless(String field, Predicate<Value> asksForNothing, String why) {
        return new Refused<>(field, asksForNothing, why);
    }
}
