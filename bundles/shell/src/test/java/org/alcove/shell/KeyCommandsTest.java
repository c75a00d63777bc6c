package org.alcove.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.Audit;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;
import org.junit.jupiter.api.Test;

class KeyCommandsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<IssuedKey> made = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final IssuedKeys keys = (IssuedKeys) Proxy.newProxyInstance(IssuedKeys.class.getClassLoader(),
            new Class<?>[] {IssuedKeys.class}, (self, method, arguments) -> switch (method.getName()) {
                case "keys" -> made;
                case "issue" -> {
                    made.add(new IssuedKey("key-1", (String) arguments[0], NOW, (String) arguments[1], (KeyTerms) arguments[2],
                            Optional.empty(), Optional.empty()));
                    yield new IssuedKeys.Fresh(made.getLast(), "alcove-secret");
                }
                case "change" -> {
                    IssuedKey before = made.removeLast();
                    made.add(new IssuedKey(before.id(), (String) arguments[1], NOW, before.by(),
                            (KeyTerms) arguments[2], Optional.empty(), Optional.empty()));
                    yield made.getLast();
                }
                case "forget" -> null;
                default -> throw new AccountException(AccountException.Reason.UNKNOWN, "there is no key with this id");
            });
    private final Audit audit = (Audit) Proxy.newProxyInstance(Audit.class.getClassLoader(), new Class<?>[] {Audit.class},
            (self, method, arguments) -> told.add(Arrays.toString(arguments)));
    private final KeyCommands commands = new KeyCommands(keys, audit, InstantSource.fixed(NOW));

    @Test
    void aKeyIsMadeWithItsTermsShownOnceAndWrittenDownWithoutItsSecret() {
        String answer = commands.keys("create", "ci", "models=a,b", "endpoints=chat", "role=viewer", "requests=60",
                "tokens=1000", "days=1");
        assertTrue(answer.contains("alcove-secret"), answer);
        assertEquals(new KeyTerms(Optional.of(Set.of("a", "b")), Optional.of(Set.of("chat")), Optional.of(Role.VIEWER),
                OptionalInt.of(60), OptionalInt.of(1000), Optional.of(NOW.plusSeconds(86_400))), made.getFirst().terms());
        assertEquals("the shell", made.getFirst().by());
        String list = commands.keys();
        assertTrue(list.startsWith("key-1 ") && list.contains("active") && list.contains("models a,b  endpoints chat  role viewer"
                + "  requests 60  tokens 1000  until 2026-01-02T00:00:00Z  used never"), list);
        assertEquals("[[the shell, shell, key.create, ci, models=a,b endpoints=chat role=viewer requests=60 tokens=1000 days=1,"
                + " done]]", told.toString());
        commands.keys("create", "plain");
        assertEquals(KeyTerms.CLIENT, made.getLast().terms());
    }

    @Test
    void aKeyIsGivenOtherTermsAndKeepsThoseThatAreNotNamed() {
        commands.keys("create", "ci", "models=a,b", "endpoints=chat", "role=viewer", "requests=60", "tokens=1000", "days=1");
        String line = commands.keys("change", "key-1", "label=night", "models=c", "requests=30", "days=2");
        assertTrue(line.contains(" night ") && line.contains("models c  endpoints chat  role viewer  requests 30  tokens 1000"
                + "  until 2026-01-03T00:00:00Z"), line);
        commands.keys("change", "key-1", "models=all", "endpoints=all", "role=none", "requests=any", "tokens=any", "days=never");
        assertEquals(new KeyTerms(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(),
                Optional.empty()), made.getLast().terms());
        assertEquals("night", made.getLast().label());
        assertEquals("there is no key with this id", commands.keys("change", "key-9", "models=all"));
        assertTrue(commands.keys("create", "ci", "label=x").startsWith("label= makes no sense here"));
        assertEquals("[the shell, shell, key.change, key-9, models=all, refused]", told.get(3));
    }

    @Test
    void whatMakesNoSenseMakesNoKeyAndIsToldAsRefused() {
        for (String term : new String[] {"model=a", "requests=0", "tokens=x", "role=king", "days=", "models"}) {
            commands.keys("create", "ci", term);
        }
        commands.keys("create", "ci", "requests=1", "requests=2");
        assertTrue(made.isEmpty());
        assertEquals(7, told.stream().filter(line -> line.endsWith("refused]")).count(), told.toString());
    }

    @Test
    void aKeyIsRevokedOrSaidNotToBeThere() {
        assertEquals("there is no key with this id", commands.keys("revoke", "key-9"));
        assertEquals("done", commands.keys("forget", "key-1"));
        assertEquals("[[the shell, shell, key.revoke, key-9, , refused], [the shell, shell, key.revoke, key-1, forgotten, done]]",
                told.toString());
        assertTrue(commands.keys("help").contains("keys create LABEL"));
    }
}
