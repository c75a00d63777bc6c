package org.alcove.shell;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.Audit;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code alcove:keys} of the framework's shell: lists, creates, changes, revokes and forgets keys of clients and
 * scripts. That shell finds it by its service properties; without it it is never called.
 */
@Component(service = KeyCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=keys"})
public final class KeyCommands {

    private static final Set<String> TERMS = Set.of("label", "models", "endpoints", "role", "requests", "tokens", "days");
    /** What the list says where a key has no such term. */
    private static final String ALL = "all";
    private static final String NO_ROLE = "none";
    private static final String ANY = "any";
    private static final String NEVER = "never";
    private static final String USAGE = """
            keys                    all keys
            keys create LABEL [models=A,B] [endpoints=chat,models] [role=viewer] [requests=60] [tokens=10000] [days=30]
                                    makes a key and prints it once; requests and tokens are a minute
            keys change ID [label=NAME] [models=all] [role=none] [requests=any] [days=never] …
                                    gives a key other terms; those that are not named stay, the words of the list take one away
            keys revoke ID          makes a key good for nothing
            keys forget ID          takes a revoked key off the list""";

    private final IssuedKeys keys;
    private final Audit audit;
    private final InstantSource clock;

    @Activate
    public KeyCommands(@Reference IssuedKeys keys, @Reference Audit audit) {
        this(keys, audit, InstantSource.system());
    }

    KeyCommands(IssuedKeys keys, Audit audit, InstantSource clock) {
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
    }

    /** What a verb does; returns what to print. */
    private interface Deed {
        String perform();
    }

    /** One line for each key, the newest first. */
    public String keys() {
        Instant now = clock.instant();
        return keys.keys().stream().map(key -> line(key, now)).collect(Collectors.joining("\n"));
    }

    /** Creates, changes, revokes or forgets a key. */
    public String keys(String verb, String subject, String... terms) {
        return switch (verb) {
            case "create" -> perform("key.create", subject, String.join(" ", terms), () -> create(subject, List.of(terms)));
            case "change" -> perform("key.change", subject, String.join(" ", terms), () -> change(subject, List.of(terms)));
            case "revoke" -> perform("key.revoke", subject, "", () -> line(keys.revoke(subject), clock.instant()));
            case "forget" -> perform("key.revoke", subject, "forgotten", () -> {
                keys.forget(subject);
                return "done";
            });
            default -> USAGE;
        };
    }

    /** How it is used. */
    public String keys(String verb) {
        return USAGE;
    }

    private String create(String label, List<String> words) {
        Map<String, String> given = given(words);
        if (given.containsKey("label")) {
            throw new IllegalArgumentException("label= makes no sense here\n" + USAGE);
        }
        IssuedKeys.Fresh made = keys.issue(label, "the shell", terms(given, KeyTerms.CLIENT));
        return line(made.key(), clock.instant()) + "\n" + made.secret() + "\nCopy it now: it is not shown again.";
    }

    private String change(String id, List<String> words) {
        IssuedKey before = keys.keys().stream().filter(key -> key.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no key with this id"));
        Map<String, String> given = given(words);
        return line(keys.change(id, given.getOrDefault("label", before.label()), terms(given, before.terms())),
                clock.instant());
    }

    private String perform(String what, String subject, String detail, Deed deed) {
        String outcome = "failed";
        try {
            String told = deed.perform();
            outcome = "done";
            return told;
        } catch (AccountException | IllegalArgumentException refused) {
            outcome = "refused";
            return refused.getMessage();
        } finally {
            audit.record("the shell", "shell", what, subject, detail, outcome);
        }
    }

    private static Map<String, String> given(List<String> words) {
        Map<String, String> given = new HashMap<>();
        for (String word : words) {
            String name = word.replaceFirst("=.*", "");
            if (!TERMS.contains(name) || name.equals(word) || given.put(name, word.substring(name.length() + 1)) != null) {
                throw new IllegalArgumentException(word + " makes no sense, or stands there twice\n" + USAGE);
            }
        }
        return given;
    }

    /** What is not given stays as it was. */
    private KeyTerms terms(Map<String, String> given, KeyTerms before) {
        return new KeyTerms(names(given, "models", before.models()), names(given, "endpoints", before.endpoints()),
                role(given, before.role()), limit(given, "requests", before.requestsPerMinute()),
                limit(given, "tokens", before.tokensPerMinute()), end(given, before.expires()));
    }

    private static Optional<Set<String>> names(Map<String, String> given, String name, Optional<Set<String>> before) {
        String text = given.get(name);
        return text == null ? before : text.equals(ALL) ? Optional.empty()
                : Optional.of(Set.copyOf(Arrays.asList(text.split(","))));
    }

    private static Optional<Role> role(Map<String, String> given, Optional<Role> before) {
        String word = given.get("role");
        return word == null ? before : word.equals(NO_ROLE) ? Optional.empty() : Optional.of(Role.named(word)
                .orElseThrow(() -> new IllegalArgumentException("a role is viewer, operator or admin")));
    }

    private static OptionalInt limit(Map<String, String> given, String name, OptionalInt before) {
        String text = given.get(name);
        return text == null ? before : text.equals(ANY) ? OptionalInt.empty() : OptionalInt.of(number(text, name));
    }

    private Optional<Instant> end(Map<String, String> given, Optional<Instant> before) {
        String text = given.get("days");
        return text == null ? before : text.equals(NEVER) ? Optional.empty()
                : Optional.of(clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(number(text, "days"), ChronoUnit.DAYS));
    }

    private static int number(String text, String name) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(name + " must be a whole number from 1 to 999999999");
        }
        return Integer.parseInt(text);
    }

    private static String line(IssuedKey key, Instant now) {
        KeyTerms terms = key.terms();
        return String.format(Locale.ROOT, "%-18s %-8s %-24s models %s  endpoints %s  role %s  requests %s  tokens %s  until %s"
                        + "  used %s", key.id(), key.state(now).name().toLowerCase(Locale.ROOT), key.label(),
                listed(terms.models()), listed(terms.endpoints()), terms.role().map(Role::word).orElse("none"),
                limit(terms.requestsPerMinute()), limit(terms.tokensPerMinute()), time(terms.expires()), time(key.used()));
    }

    private static String listed(Optional<Set<String>> names) {
        return names.map(all -> String.join(",", new TreeSet<>(all))).orElse(ALL);
    }

    private static String limit(OptionalInt limit) {
        return limit.isPresent() ? Integer.toString(limit.getAsInt()) : ANY;
    }

    private static String time(Optional<Instant> when) {
        return when.map(Instant::toString).orElse(NEVER);
    }
}
