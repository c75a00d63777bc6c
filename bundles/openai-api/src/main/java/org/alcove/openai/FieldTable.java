package org.alcove.openai;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a JSON object, each with its {@link Rule}. A field that is not in the table is refused by name: a typing error
 * must not be dropped in silence, not even with the value {@code null}.
 *
 * @param <D> where values of fields that work are kept
 */
final class FieldTable<D> {

    private static final int MAX_TYPING_ERRORS = 2;

    private final Map<String, Rule<D>> rules = new LinkedHashMap<>();

    @SafeVarargs
    FieldTable(List<Rule<D>>... groups) {
        for (List<Rule<D>> group : groups) {
            for (Rule<D> rule : group) {
                if (rules.put(rule.field(), rule) != null) {
                    throw new IllegalArgumentException("field " + rule.field() + " has two rules");
                }
            }
        }
    }

    Collection<Rule<D>> rules() {
        return rules.values();
    }

    /** Checks the object and keeps what works. */
    void read(Value object, D draft) {
        for (Map.Entry<String, Value> field : object.fields(Integer.MAX_VALUE)) {
            Rule<D> rule = rules.get(field.getKey());
            if (rule == null) {
                throw unknown(object.path(), field.getKey());
            }
            if (!field.getValue().isNull()) {
                apply(rule, field.getValue(), draft);
            }
        }
    }

    private static <D> void apply(Rule<D> rule, Value value, D draft) {
        switch (rule) {
            case Rule.Works<D> works -> works.keep().accept(draft, value);
            case Rule.NoEffect<D> noEffect -> noEffect.check().accept(value);
            case Rule.Refused<D> refused -> {
                if (!refused.asksForNothing().test(value)) {
                    throw ApiException.unsupported(value.path(), value.path() + " is not supported: " + refused.why());
                }
            }
        }
    }

    private ApiException unknown(String path, String name) {
        String shown = Value.shortened(name);
        String near = rules.keySet().stream().filter(known -> distance(known, shown) <= MAX_TYPING_ERRORS).findFirst()
                .map(known -> "; did you mean \"" + known + "\"?").orElse("; leave it out");
        String place = path.isEmpty() ? shown : path + "." + shown;
        return new ApiException(ApiError.invalid(400, place, "unknown_parameter", "unknown field \"" + place + "\"" + near));
    }

    /** Characters to insert, delete or replace to make one word of the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
