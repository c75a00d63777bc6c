package org.alcove.accounts;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.alcove.accounts.AccountException.Reason;
import org.alcove.api.control.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisitorsTest {

    private static final int FEW_ROUNDS = 2;

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** What happens once while the next password is hashed, which takes long. */
    private Runnable meanwhile = () -> { };
    private final SecureRandom random = new SecureRandom() {

        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Runnable deed = meanwhile;
            meanwhile = () -> { };
            deed.run();
            super.nextBytes(bytes);
        }
    };
    private final List<String> cookies = new ArrayList<>();
    private final HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {HttpServletResponse.class}, (proxy, method, arguments) -> {
                cookies.add((String) arguments[1]);
                return null;
            });
    private KnownVisitors visitors;
    private String password;

    @BeforeEach
    void start() throws IOException {
        visitors = open(false);
        password = Files.readString(folder.resolve("admin/first-password")).strip();
    }

    private KnownVisitors open(boolean behindTls) throws IOException {
        return new KnownVisitors(folder.resolve("admin"), () -> now, random, FEW_ROUNDS,
                new KnownVisitors.Limits(Duration.ofMinutes(30), Duration.ofHours(12), behindTls));
    }

    private HttpServletRequest from(String address, String cookie, boolean secure, String... forwarded) {
        return (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteAddr" -> address;
                    case "getHeaders" -> Collections.enumeration(List.of(forwarded));
                    case "isSecure" -> secure;
                    case "getCookies" -> cookie.isEmpty() ? null : new Cookie[] {new Cookie("alcove_session", cookie)};
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private HttpServletRequest holding(String cookie) {
        return from("10.0.0.1", cookie, false);
    }

    private String signIn(String name, String word) {
        visitors.signIn(name, word, holding(""), response);
        return cookies.getLast().replaceFirst("alcove_session=([^;]*);.*", "$1");
    }

    private Reason refused(Runnable deed) {
        return assertThrows(AccountException.class, deed::run).reason();
    }

    @Test
    void theFirstStartMakesAnAdminWhosePasswordOnlyItsOwnerCanRead() throws IOException {
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("admin/first-password"))));
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("admin/accounts.json"))));
        assertFalse(Files.readString(folder.resolve("admin/accounts.json")).contains(password));
        Visitor admin = visitors.who(holding(signIn("admin", password))).orElseThrow();
        assertEquals(Role.ADMIN, admin.role());
        assertTrue(admin.passwordIsFirst());
        Files.delete(folder.resolve("admin/first-password"));
        open(false);
        assertFalse(Files.exists(folder.resolve("admin/first-password")), "the second start makes none");
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOfOtherSites() throws IOException {
        signIn("admin", password);
        assertTrue(cookies.getLast().endsWith("; Path=/admin; HttpOnly; SameSite=Strict"), cookies.getLast());
        visitors.signIn("admin", password, from("10.0.0.1", "", true), response);
        assertTrue(cookies.getLast().endsWith("; Secure"), cookies.getLast());
        open(true).signIn("admin", password, holding(""), response);
        assertTrue(cookies.getLast().endsWith("; Secure"), cookies.getLast());
    }

    @Test
    void behindAProxyWhoFailsLocksOutThoseOfItsOwnAddressAlone() throws IOException {
        KnownVisitors proxied = open(true);
        HttpServletRequest stranger = from("10.0.0.9", "", false, "192.0.2.1", "192.0.2.2, 198.51.100.7");
        for (int i = 0; i < Lockout.FREE; i++) {
            String name = "nobody" + i;
            assertEquals(Reason.WRONG_PASSWORD, refused(() -> proxied.signIn(name, "a guess", stranger, response)));
        }
        assertEquals(Reason.LOCKED_OUT, refused(() -> proxied.signIn("admin", password, stranger, response)));
        proxied.signIn("admin", password, from("10.0.0.9", "", false, "198.51.100.7, 192.0.2.3"), response);
        proxied.signIn("admin", password, from("10.0.0.9", "", false), response);
    }

    @Test
    void anotherConfigurationHoldsForSessionsThatAreOpenAndOneThatMakesNoSenseChangesNothing() {
        String open = signIn("admin", password);
        visitors.change(Map.of("data_folder", folder.toString(), "idle_minutes", 0));
        now = now.plus(Duration.ofMinutes(20));
        assertTrue(visitors.who(holding(open)).isPresent());
        visitors.change(Map.of("data_folder", folder.toString(), "idle_minutes", 10, "behind_tls_proxy", true));
        now = now.plus(Duration.ofMinutes(11));
        assertTrue(visitors.who(holding(open)).isEmpty());
        signIn("admin", password);
        assertTrue(cookies.getLast().endsWith("; Secure"), cookies.getLast());
    }

    @Test
    void aSessionEndsWhenItIsNotUsedAndAfterItsLongestTime() {
        String idle = signIn("admin", password);
        String used = signIn("admin", password);
        now = now.plus(Duration.ofMinutes(29));
        assertTrue(visitors.who(holding(used)).isPresent());
        now = now.plus(Duration.ofMinutes(1));
        assertTrue(visitors.who(holding(idle)).isEmpty());
        for (int i = 0; i < 34; i++) {
            assertTrue(visitors.who(holding(used)).isPresent(), "after " + i + " times 20 minutes");
            now = now.plus(Duration.ofMinutes(20));
        }
        now = now.plus(Duration.ofMinutes(15));
        assertTrue(visitors.who(holding(used)).isEmpty());
    }

    @Test
    void whoSignsOutOrBringsAnInventedCookieIsNobody() {
        String session = signIn("admin", password);
        visitors.signOut(holding(session), response);
        assertTrue(cookies.getLast().contains("Max-Age=0"));
        assertTrue(visitors.who(holding(session)).isEmpty());
        assertTrue(visitors.who(holding("invented")).isEmpty());
        assertTrue(visitors.who(holding("")).isEmpty());
    }

    @Test
    void signingInAnewEndsTheSessionThatWasThere() {
        String old = signIn("admin", password);
        visitors.signIn("admin", password, holding(old), response);
        assertTrue(visitors.who(holding(old)).isEmpty());
    }

    @Test
    void afterFiveFailuresTheRightPasswordHasToWaitToo() {
        for (int i = 0; i < 5; i++) {
            assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn("admin", "wrong")));
        }
        AccountException locked = assertThrows(AccountException.class, () -> signIn("admin", password));
        assertEquals(Reason.LOCKED_OUT, locked.reason());
        assertEquals(Duration.ofSeconds(30), locked.retryAfter());
        now = now.plusSeconds(30);
        assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn("admin", "wrong")));
        now = now.plusSeconds(59);
        assertEquals(Reason.LOCKED_OUT, refused(() -> signIn("admin", password)), "the second wait is twice as long");
        now = now.plusSeconds(1);
        signIn("admin", password);
        assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn("admin", "wrong")), "a success forgives");
    }

    @Test
    void namesThatAreTriedFromOneAddressCountTogether() {
        for (int i = 0; i < 5; i++) {
            String name = "guess" + i;
            assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn(name, "wrong")));
        }
        assertEquals(Reason.LOCKED_OUT, refused(() -> signIn("admin", password)));
        visitors.signIn("admin", password, from("10.0.0.2", "", false), response);
    }

    @Test
    void anotherPasswordEndsTheOtherSessionsOfItsAccount() {
        String one = signIn("admin", password);
        String other = signIn("admin", password);
        assertEquals(Reason.WRONG_PASSWORD,
                refused(() -> visitors.changePassword("wrong", "correct horse battery", holding(one))));
        assertEquals(Reason.BAD_PASSWORD, refused(() -> visitors.changePassword(password, "short", holding(one))));
        assertEquals(Reason.NO_SESSION, refused(() -> visitors.changePassword(password, "correct horse battery", holding(""))));
        visitors.changePassword(password, "correct horse battery", holding(one));
        assertFalse(visitors.who(holding(one)).orElseThrow().passwordIsFirst());
        assertTrue(visitors.who(holding(other)).isEmpty());
        assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn("admin", password)));
        signIn("admin", "correct horse battery");
    }

    @Test
    void peopleComeAndGoButTheLastAdminStays() throws IOException {
        String word = visitors.invite("bob", Role.VIEWER);
        String session = signIn("bob", word);
        assertEquals(Role.VIEWER, visitors.who(holding(session)).orElseThrow().role());
        assertEquals(List.of("admin", "bob"), visitors.accounts().stream().map(Account::name).toList());
        assertEquals(1, visitors.accounts().getLast().sessions());
        assertEquals(Reason.NAME_TAKEN, refused(() -> visitors.invite("bob", Role.ADMIN)));
        assertEquals(Reason.BAD_NAME, refused(() -> visitors.invite("<b>", Role.ADMIN)));
        assertEquals(Reason.LAST_ADMIN, refused(() -> visitors.dismiss("admin")));
        assertEquals(Reason.UNKNOWN, refused(() -> visitors.dismiss("eve")));
        visitors.dismiss("bob");
        assertTrue(visitors.who(holding(session)).isEmpty());
        assertEquals(1, open(false).accounts().size(), "it holds after a restart");
    }

    @Test
    void aFileOfAccountsThatMakesNoSenseLetsNobodyIn() throws IOException {
        Files.writeString(folder.resolve("admin/accounts.json"), "{\"accounts\": [{}]}");
        assertEquals(Reason.UNREADABLE, refused(() -> signIn("admin", password)));
    }

    /** Resets the password of the first account and returns it. */
    private String reset() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Command.Terminal terminal = new Command.Terminal(new ByteArrayInputStream(new byte[0]), new PrintStream(out),
                new PrintStream(out), false);
        assertEquals(0, assertDoesNotThrow(() -> new ResetPasswordCommand(FEW_ROUNDS, random)
                .run(List.of("--data", folder.toString()), terminal)));
        return out.toString().strip().replaceFirst(".*: ", "");
    }

    @Test
    void aPasswordThatIsResetBesideTheServerCountsAtOnce() throws Exception {
        String session = signIn("admin", password);
        String fresh = reset();
        assertTrue(visitors.who(holding(session)).isEmpty());
        signIn("admin", fresh);
        Command.Terminal terminal = new Command.Terminal(new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream()), new PrintStream(new ByteArrayOutputStream()), false);
        assertEquals(2, new ResetPasswordCommand(FEW_ROUNDS, random).run(List.of(), terminal));
    }

    @Test
    void whoIsDismissedWhileThePasswordChangesStaysDismissed() throws IOException {
        String word = visitors.invite("bob", Role.ADMIN);
        String session = signIn("bob", word);
        meanwhile = () -> visitors.dismiss("bob");
        assertEquals(Reason.NO_SESSION, refused(() -> visitors.changePassword(word, "correct horse battery", holding(session))));
        assertTrue(visitors.who(holding(session)).isEmpty());
        assertEquals(List.of("admin"), open(false).accounts().stream().map(Account::name).toList());
    }

    @Test
    void aPasswordThatIsResetWhileItChangesStaysReset() {
        String session = signIn("admin", password);
        List<String> fresh = new ArrayList<>();
        meanwhile = () -> fresh.add(reset());
        assertEquals(Reason.NO_SESSION,
                refused(() -> visitors.changePassword(password, "correct horse battery", holding(session))));
        assertTrue(visitors.who(holding(session)).isEmpty());
        assertEquals(Reason.WRONG_PASSWORD, refused(() -> signIn("admin", "correct horse battery")));
        signIn("admin", fresh.getFirst());
    }

    @Test
    void aResetDoesNotBringBackWhoWasDismissedMeanwhile() {
        visitors.invite("eve", Role.ADMIN);
        meanwhile = () -> visitors.dismiss("admin");
        AssertionError undone = assertThrows(AssertionError.class, this::reset);
        assertTrue(undone.getMessage().contains("the account admin was removed"), undone.getMessage());
        assertEquals(List.of("eve"), visitors.accounts().stream().map(Account::name).toList());
    }
}
