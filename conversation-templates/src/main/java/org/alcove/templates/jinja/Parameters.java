package org.alcove.templates.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What may be called, and with which arguments; {@code !} marks those that must be there, {@code *} stands for any. A name or an
 * argument that is not here is a fault: passed over in silence, it would give another prompt than the model was trained on.
 */
final class Parameters {

    static final Parameters FILTERS = new Parameters("uses the filter '%s'", """
            abs; capitalize; count; d default_value boolean; default default_value boolean; first; float default; items; last
            dictsort case_sensitive by reverse; indent width first blank; int default base; join d attribute; length; list; lower
            map *; max case_sensitive attribute; min case_sensitive attribute; reject *; rejectattr *; replace old! new! count
            reverse; round precision method; safe; select *; selectattr *; sort reverse case_sensitive attribute; string
            sum attribute start; title; tojson ensure_ascii indent separators sort_keys; trim chars
            unique case_sensitive attribute; upper""");

    static final Parameters TESTS = new Parameters("uses the test '%s'", """
            boolean; callable; defined; divisibleby num!; even; false; False; float; integer; iterable; lower; mapping; none; None
            number; odd; sequence; string; true; True; undefined; upper; sameas other!; in seq!; equalto other!; eq other!
            == other!; ne other!; != other!; gt other!; greaterthan other!; > other!; ge other!; >= other!; lt other!
            lessthan other!; < other!; le other!; <= other!""");

    static final Parameters FUNCTIONS = new Parameters("calls the function '%s'", """
            raise_exception message; strftime_now format!; namespace *; dict *; range start! stop step""");

    static final Parameters OF_TEXT = new Parameters("calls the method '%s' of a text", """
            strip chars; lstrip chars; rstrip chars; startswith prefix! start end; endswith suffix! start end
            split sep maxsplit; rsplit sep maxsplit; splitlines keepends; replace old! new! count; upper; lower; title; capitalize
            find sub! start end; rfind sub! start end; index sub! start end; rindex sub! start end; count sub! start end
            join iterable!; isdigit; isnumeric; isalpha; isalnum; isspace; isupper; islower; removeprefix prefix!
            removesuffix suffix!""");

    static final Parameters OF_MAPPING = new Parameters("calls the method '%s' of a mapping", """
            items; keys; values; get key! default; update *; copy""");

    static final Parameters OF_LIST = new Parameters("calls the method '%s' of a list", """
            append object!; extend iterable!; insert index! object!; pop index; index value!; count value!""");

    private final String sentence;
    private final Map<String, List<String>> table = new LinkedHashMap<>();

    private Parameters(String sentence, String entries) {
        this.sentence = sentence;
        for (String entry : entries.split("[;\n]\\s*")) {
            List<String> words = List.of(entry.strip().split(" "));
            table.put(words.getFirst(), words.subList(1, words.size()));
        }
    }

    Set<String> names() {
        return table.keySet();
    }

    /** Fails unless there is something of this name that takes these arguments. */
    void check(String name, Arguments args) {
        List<String> known = table.get(name);
        String call = sentence.replace("%s", Run.shown(name));
        if (known == null) {
            throw Run.fault(call + ", which is not supported");
        }
        if (!known.contains("*")) {
            check(call, known, args);
        }
    }

    /** Fails unless the arguments are of these names. */
    static void check(String call, List<String> known, Arguments args) {
        if (args.listed().size() > known.size()) {
            throw Run.fault(call + " with more arguments (" + args.listed().size() + ") than are supported (" + known.size()
                    + ")");
        }
        for (String name : args.named().keySet()) {
            int place = known.indexOf(name) < 0 ? known.indexOf(name + "!") : known.indexOf(name);
            if (place < args.listed().size()) {
                throw Run.fault(call + " with the argument '" + Run.shown(name)
                        + (place < 0 ? "', which is not supported" : "' twice"));
            }
        }
        for (String word : known.subList(args.listed().size(), known.size())) {
            String name = word.replace("!", "");
            if (word.endsWith("!") && !args.named().containsKey(name)) {
                throw Run.fault(call + " without the argument '" + name + "'");
            }
        }
    }
}
