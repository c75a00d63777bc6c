package org.alcove.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.alcove.chat.ConversationStore.Known;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much the store of conversations takes in. */
class ConversationStoreTest {

    private static final Known ANY = new Known(true, Optional.empty());
    private static final byte[] TEXT = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private ConversationStore store;

    @BeforeEach
    void open() {
        store = new ConversationStore(folder, new DiskRoom(folder, 10 * DiskRoom.BLOCK, 2, () -> now));
    }

    private static Seal seal(int reader) {
        return new Seal("code" + reader, "");
    }

    private StoreException refused(int reader, String name) {
        return assertThrows(StoreException.class, () -> store.put(seal(reader), name, TEXT, ANY));
    }

    @Test
    void thereAreAtMostSoManyBoxesAndAnEmptyOneIsGone() throws Exception {
        store.put(seal(1), "a", TEXT, ANY);
        store.put(seal(2), "a", TEXT, ANY);
        StoreException full = refused(3, "a");
        assertEquals(507, full.status());
        assertTrue(full.getMessage().contains("under 2 codes of at most 2"), full.getMessage());
        store.put(seal(2), "b", TEXT, ANY);
        store = new ConversationStore(folder, new DiskRoom(folder, 10 * DiskRoom.BLOCK, 1, () -> now));
        store.put(seal(1), "b", TEXT, ANY);
        assertEquals(507, refused(3, "a").status());
        store.remove(seal(1), "b", ANY);
        open();
        store.remove(seal(1), "a", ANY);
        store.put(seal(3), "a", TEXT, ANY);
    }

    @Test
    void aBoxIsGoneWithItsLastConversationAlsoWhereAProcessDiedWhileItWroteAnother() throws Exception {
        store.put(seal(1), "a", TEXT, ANY);
        Path box = folder.resolve(seal(1).box());
        Files.writeString(box.resolve("b.sealed.part"), "half");
        store.remove(seal(1), "a", ANY);
        assertFalse(Files.exists(box));
    }

    @Test
    void oneReaderHasAtMostAThousandConversations() throws Exception {
        store = new ConversationStore(folder, new DiskRoom(folder, Long.MAX_VALUE, 2, () -> now));
        store.put(seal(1), "a", TEXT, ANY);
        Path box = folder.resolve(seal(1).box());
        for (int i = 1; i < ConversationStore.MOST; i++) {
            Files.createFile(box.resolve("other" + i + ".sealed"));
        }
        assertEquals(409, refused(1, "b").status());
        store.put(seal(1), "a", TEXT, ANY);
    }

    @Test
    void whatTheOwnerOfTheServerTakesAwayIsRoomAgainWithinAMinute() throws Exception {
        for (int i = 0; i < 9; i++) {
            store.put(seal(1), "c" + i, TEXT, ANY);
        }
        assertEquals(507, refused(1, "more").status());
        Files.delete(folder.resolve(seal(1).box()).resolve("c0.sealed"));
        assertEquals(507, refused(1, "more").status(), "all files are not looked at for every refusal");
        now = now.plus(Duration.ofMinutes(1));
        store.put(seal(1), "more", TEXT, ANY);
        assertEquals(507, refused(1, "another").status());
    }

    @Test
    void aCountThatBreaksOffMakesNoRoom() throws Exception {
        for (int i = 0; i < 9; i++) {
            store.put(seal(1), "c" + i, TEXT, ANY);
        }
        now = now.plus(Duration.ofMinutes(1));
        // A link to itself, whose size cannot be told.
        Path broken = folder.resolve(seal(1).box()).resolve("a");
        Files.createSymbolicLink(broken, broken);
        assertThrows(IOException.class, () -> store.put(seal(1), "more", TEXT, ANY));
        Files.delete(broken);
        assertEquals(507, refused(1, "more").status());
    }

    @Test
    void aFileThatIsGoneWhenItIsCountedTakesNothing() throws Exception {
        Path box = Files.createDirectories(folder.resolve(seal(1).box()));
        Files.createSymbolicLink(box.resolve("gone"), box.resolve("nowhere"));
        for (int i = 0; i < 9; i++) {
            store.put(seal(1), "c" + i, TEXT, ANY);
        }
        assertEquals(507, refused(1, "more").status());
    }
}
