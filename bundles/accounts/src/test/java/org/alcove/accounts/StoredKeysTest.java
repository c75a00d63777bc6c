package org.alcove.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.accounts.AccountException.Reason;
import org.alcove.accounts.IssuedKey.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredKeysTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyTerms NARROW = new KeyTerms(Optional.of(Set.of("tiny", "org/big")), Optional.of(Set.of("chat")),
            Optional.of(Role.OPERATOR), OptionalInt.of(60), OptionalInt.of(1000), Optional.of(START.plusSeconds(3600)));

    @TempDir
    Path folder;

    private Instant now = START;
    private StoredKeys keys;

    @BeforeEach
    void open() {
        keys = new StoredKeys(folder, () -> now, new SecureRandom());
    }

    private Path file() {
        return folder.resolve("keys.json");
    }

    private static Reason refusal(Runnable deed) {
        return assertThrows(AccountException.class, deed::run).reason();
    }

    @Test
    void aKeyIsFoundByItsSecretAlsoAfterARestart() {
        assertFalse(keys.any());
        IssuedKeys.Fresh made = keys.issue(" build server ", "ann", NARROW);
        assertTrue(made.secret().matches("alcove-[A-Za-z0-9_-]{43}"), "256 bits");
        assertEquals("build server", made.key().label());
        open();
        assertTrue(keys.any());
        IssuedKey found = keys.find(made.secret()).orElseThrow();
        assertEquals(made.key(), found);
        assertEquals(NARROW, found.terms());
        assertEquals(Optional.empty(), keys.find(made.secret() + "x"));
        assertEquals(Optional.empty(), keys.find(""));
    }

    @Test
    void theFileHoldsNoSecretAndIsPrivate() throws IOException {
        String secret = keys.issue("a", "ann", KeyTerms.CLIENT).secret();
        String text = Files.readString(file());
        assertFalse(text.contains(secret) || text.contains(secret.substring(StoredKeys.PREFIX.length())), text);
        assertTrue(text.contains(Secrets.hash(secret)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void aKeyEndsWhenItIsRevokedAndWhenItsTimeIsOver() {
        IssuedKeys.Fresh lasting = keys.issue("a", "ann", KeyTerms.CLIENT);
        IssuedKeys.Fresh short1 = keys.issue("b", "ann", NARROW);
        assertEquals(State.ACTIVE, keys.find(short1.secret()).orElseThrow().state(now));
        now = now.plusSeconds(3600);
        assertEquals(State.EXPIRED, keys.find(short1.secret()).orElseThrow().state(now));
        assertEquals(State.ACTIVE, keys.find(lasting.secret()).orElseThrow().state(now));
        keys.revoke(lasting.key().id());
        Optional<Instant> since = keys.find(lasting.secret()).orElseThrow().revoked();
        assertEquals(Optional.of(now), since);
        now = now.plusSeconds(60);
        assertEquals(since, keys.revoke(lasting.key().id()).revoked(), "once revoked, it stays so");
        assertEquals(Reason.BAD_KEY, refusal(() -> keys.change(lasting.key().id(), "a", NARROW)));
        open();
        assertEquals(State.REVOKED, keys.find(lasting.secret()).orElseThrow().state(now));
    }

    @Test
    void onlyARevokedKeyCanBeForgotten() {
        IssuedKeys.Fresh made = keys.issue("a", "ann", KeyTerms.CLIENT);
        assertEquals(Reason.NOT_REVOKED, refusal(() -> keys.forget(made.key().id())));
        keys.revoke(made.key().id());
        keys.forget(made.key().id());
        assertFalse(keys.any());
        assertEquals(Reason.UNKNOWN, refusal(() -> keys.forget(made.key().id())));
        assertEquals(Reason.UNKNOWN, refusal(() -> keys.revoke("key-x")));
        assertEquals(Optional.empty(), keys.find(made.secret()));
    }

    @Test
    void aChangeKeepsTheSecretAndTheNewestComesFirst() {
        IssuedKeys.Fresh first = keys.issue("a", "ann", KeyTerms.CLIENT);
        IssuedKeys.Fresh second = keys.issue("b", "ann", KeyTerms.CLIENT);
        keys.change(first.key().id(), "c", NARROW);
        assertEquals(List.of("b", "c"), keys.keys().stream().map(IssuedKey::label).toList());
        assertEquals(NARROW, keys.find(first.secret()).orElseThrow().terms());
        assertEquals(KeyTerms.CLIENT, keys.find(second.secret()).orElseThrow().terms());
    }

    @Test
    void theLastUseIsKnownToTheMinuteAndWrittenOncePerHour() throws IOException {
        IssuedKeys.Fresh made = keys.issue("a", "ann", KeyTerms.CLIENT);
        assertEquals(Optional.empty(), keys.keys().getFirst().used());
        now = now.plusSeconds(90);
        keys.find(made.secret());
        byte[] written = Files.readAllBytes(file());
        now = now.plus(Duration.ofMinutes(59));
        keys.find(made.secret());
        assertEquals(Optional.of(START.plus(Duration.ofMinutes(60))), keys.keys().getFirst().used());
        assertTrue(Arrays.equals(written, Files.readAllBytes(file())), "no second write within the hour");
        now = now.plus(Duration.ofMinutes(1));
        keys.find(made.secret());
        open();
        assertEquals(Optional.of(START.plus(Duration.ofMinutes(61))), keys.keys().getFirst().used());
    }

    @Test
    void whatMakesNoSenseIsNotMade() {
        for (String label : new String[] {"", " ", "a\nb", "a\u202eb", "x".repeat(101)}) {
            assertEquals(Reason.BAD_KEY, refusal(() -> keys.issue(label, "ann", KeyTerms.CLIENT)), label);
        }
        for (KeyTerms terms : new KeyTerms[] {
            terms(Optional.of(Set.of()), Optional.empty(), 1), terms(Optional.of(Set.of(" ")), Optional.empty(), 1),
            terms(Optional.empty(), Optional.of(Set.of("chats")), 1), terms(Optional.empty(), Optional.of(Set.of()), 1),
            terms(Optional.empty(), Optional.empty(), 0)}) {
            assertEquals(Reason.BAD_KEY, refusal(() -> keys.issue("a", "ann", terms)), terms.toString());
        }
        assertFalse(keys.any());
    }

    private static KeyTerms terms(Optional<Set<String>> models, Optional<Set<String>> endpoints, int requests) {
        return new KeyTerms(models, endpoints, Optional.empty(), OptionalInt.of(requests), OptionalInt.empty(), Optional.empty());
    }

    @Test
    void aFileThatIsCutAnywhereLetsNobodyIn() throws IOException {
        String secret = keys.issue("a", "ann", NARROW).secret();
        keys.issue("b", "ann", KeyTerms.CLIENT);
        byte[] whole = Files.readAllBytes(file());
        for (int size = 0; size < whole.length; size++) {
            Files.write(file(), Arrays.copyOf(whole, size));
            StoredKeys cut = new StoredKeys(folder, () -> now, new SecureRandom());
            assertEquals(Reason.UNREADABLE, refusal(() -> cut.find(secret)), size + " bytes");
            assertEquals(Reason.UNREADABLE, refusal(cut::any), size + " bytes");
            assertEquals(Reason.UNREADABLE, refusal(() -> cut.issue("c", "ann", KeyTerms.CLIENT)), size + " bytes");
            assertEquals(size, Files.size(file()), "nothing is written over what cannot be read");
        }
    }

    @Test
    void aCrashAtAnyByteOfAWriteLeavesWhatWasBefore() throws IOException {
        IssuedKeys.Fresh made = keys.issue("a", "ann", NARROW);
        byte[] before = Files.readAllBytes(file());
        keys.revoke(made.key().id());
        byte[] after = Files.readAllBytes(file());
        Files.write(file(), before);
        for (int size = 0; size <= after.length; size++) {
            Files.write(folder.resolve("keys.json.part"), Arrays.copyOf(after, size));
            open();
            assertEquals(List.of(made.key()), keys.keys(), size + " bytes");
        }
        keys.revoke(made.key().id());
        open();
        assertTrue(keys.keys().getFirst().revoked().isPresent(), "what a crash left is in nobody's way");
        assertFalse(Files.exists(folder.resolve("keys.json.part")));
    }

    @Test
    void whoCannotHaveAKeyWrittenIsToldWhichFileAndWhatToDo() throws IOException {
        Files.createFile(Files.createDirectory(folder.resolve("keys.json.part")).resolve("in the way"));
        String told = assertThrows(AccountException.class, () -> keys.issue("a", "ann", NARROW)).getMessage();
        assertTrue(told.contains(file() + ": cannot be written: ") && told.contains("free some"), told);
    }

    @Test
    void aScopeThatGotLostDoesNotBecomeAll() throws IOException {
        String secret = keys.issue("a", "ann", NARROW).secret();
        String text = Files.readString(file());
        for (String field : new String[] {"models", "endpoints", "expires", "revoked", "tokens_per_minute"}) {
            Files.writeString(file(), text.replace("\"" + field + "\"", "\"other\""));
            open();
            assertEquals(Reason.UNREADABLE, refusal(() -> keys.find(secret)), field);
        }
    }

    @Test
    void aFileThatIsChangedBesideTheServerCountsAtOnce() throws IOException {
        IssuedKeys.Fresh made = keys.issue("a", "ann", KeyTerms.CLIENT);
        new StoredKeys(folder, () -> now, new SecureRandom()).revoke(made.key().id());
        assertEquals(State.REVOKED, keys.find(made.secret()).orElseThrow().state(now));
    }
}
