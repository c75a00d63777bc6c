package org.alcove.accounts;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alcove.accounts.AccountException.Reason;
import org.alcove.configuration.ConfigurationReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Visitors with accounts in a file of the data folder. Where that file is not there yet, it makes the account {@value #FIRST} and
 * leaves its password in a private file, which the launcher prints and deletes.
 */
@Component(immediate = true, configurationPid = "org.alcove.accounts", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AccountsConfiguration.class)
public final class KnownVisitors implements Visitors {

    static final String COOKIE = "alcove_session";
    static final String FIRST = "admin";
    /** File beside the accounts with the first password. */
    static final String FIRST_PASSWORD = "first-password";

    private static final Logger LOG = LoggerFactory.getLogger(KnownVisitors.class);
    private static final ConfigurationReader<AccountsSettings> READER = new ConfigurationReader<>("org.alcove.accounts",
            AccountsConfiguration.class, AccountsSettings::of, LOG);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final int SHORTEST = 12;
    private static final int LONGEST = 1024;
    /**
     * The password of the first account has 120 random bits, which no number of rounds makes harder to guess. So many as people's
     * passwords get would cost a first start about a second.
     */
    private static final int FIRST_ROUNDS = 1000;

    private static final int LONGEST_ADDRESS = 100;

    private final Path folder;
    private final AccountBook book;
    private final Sessions sessions;
    private final Lockout lockout;
    private final SecureRandom random;
    private final int rounds;
    private volatile boolean secure;
    /** Takes as long to compare with as a password that somebody has. */
    private final HashedPassword nobodys;
    /** Hashing is slow on purpose: strangers must not get more than one core to do it. */
    private final Object hashing = new Object();

    @Activate
    public KnownVisitors(Map<String, Object> given) throws IOException {
        this(READER.first(given, "nobody can sign in"));
    }

    private KnownVisitors(AccountsSettings settings) throws IOException {
        this(settings.folder(), InstantSource.system(), new SecureRandom(), HashedPassword.ROUNDS, settings.limits());
    }

    /** Sessions go on, and the folder stays. */
    @Modified
    void change(Map<String, Object> given) {
        READER.next(given).ifPresent(next -> {
            sessions.limit(next.limits().idle(), next.limits().longest());
            secure = next.limits().behindTls();
            if (!next.folder().equals(folder)) {
                LOG.warn("Accounts, keys and the audit stay in {}; another folder is taken at the next start", folder);
            }
        });
    }

    /**
     * How long sessions last.
     *
     * @param idle without a request
     * @param longest at all
     * @param behindTls whether cookies are secure though requests are not
     */
    record Limits(Duration idle, Duration longest, boolean behindTls) {
    }

    KnownVisitors(Path folder, InstantSource clock, SecureRandom random, int rounds, Limits limits) throws IOException {
        this.folder = folder;
        this.book = new AccountBook(folder.resolve("accounts.json"));
        this.random = random;
        this.rounds = rounds;
        this.sessions = new Sessions(clock, random, limits.idle(), limits.longest());
        this.lockout = new Lockout(clock);
        this.secure = limits.behindTls();
        this.nobodys = HashedPassword.nobodys(rounds, random);
        if (!book.isThere()) {
            // The password first: an account whose password nobody knows would be in the way for ever.
            String password = Secrets.draw(random);
            PrivateFile.write(folder.resolve(FIRST_PASSWORD), (password + "\n").getBytes(StandardCharsets.UTF_8));
            book.put(entry(FIRST, Role.ADMIN, password, Math.min(rounds, FIRST_ROUNDS), clock));
            LOG.info("The account {} was made; its password lies in {} until it is printed", FIRST,
                    folder.resolve(FIRST_PASSWORD));
        }
    }

    /** An account with a password that was made for it. */
    private AccountBook.Entry entry(String name, Role role, String password, int hashed, InstantSource clock) {
        return new AccountBook.Entry(name, role, clock.instant(), HashedPassword.of(password, hashed, random), true);
    }

    @Override
    public Optional<Visitor> who(HttpServletRequest request) {
        return token(request).flatMap(token -> sessions.use(token)).flatMap(session -> book.named(session.account())
                .filter(account -> account.password().salt().equals(session.salt()))
                .map(account -> new Visitor(account.name(), account.role(), session.csrf(), session.ends(), account.first())));
    }

    @Override
    public Visitor signIn(String name, String password, HttpServletRequest request, HttpServletResponse response) {
        Optional<String> address = address(request);
        List<String> counted = Stream.concat(address.stream().map(it -> "address " + it), Stream.of("name " + name)).toList();
        AccountBook.Entry account;
        synchronized (hashing) {
            refuseLocked(counted);
            Optional<AccountBook.Entry> known = book.named(name);
            boolean matches = known.map(AccountBook.Entry::password).orElse(nobodys).matches(password);
            if (known.isPresent() && known.get().password().rounds() < rounds) {
                // As slow for this account as for others, so that time does not tell them apart.
                nobodys.matches(password);
            }
            if (known.isEmpty() || !matches) {
                counted.forEach(lockout::failed);
                LOG.warn("Somebody at {} failed to sign in", address.orElse("an address the proxy does not tell"));
                throw new AccountException(Reason.WRONG_PASSWORD, "there is no account of this name with this password");
            }
            counted.forEach(lockout::succeeded);
            account = known.get();
        }
        token(request).ifPresent(sessions::close);
        String token = sessions.open(account.name(), account.password().salt());
        setCookie(response, token, request.isSecure(), "");
        Sessions.Session session = sessions.use(token).orElseThrow();
        return new Visitor(account.name(), account.role(), session.csrf(), session.ends(), account.first());
    }

    /**
     * From where somebody signs in. Behind a proxy all come from the proxy; it tells from where it was asked, last in its header:
     * what stands before that anybody may have written.
     */
    private Optional<String> address(HttpServletRequest request) {
        if (!secure) {
            return Optional.of(request.getRemoteAddr());
        }
        String last = "";
        for (String line : Collections.list(request.getHeaders("X-Forwarded-For"))) {
            last = line.substring(line.lastIndexOf(',') + 1).strip();
        }
        return last.isEmpty() || last.length() > LONGEST_ADDRESS ? Optional.empty() : Optional.of(last);
    }

    private void refuseLocked(List<String> counted) {
        Duration left = counted.stream().map(lockout::left).max(Duration::compareTo).orElseThrow();
        if (!left.isZero()) {
            long seconds = Math.ceilDiv(left.toMillis(), 1000);
            throw new AccountException(Reason.LOCKED_OUT, "there were too many failures to sign in; try again in " + seconds
                    + " s", Duration.ofSeconds(seconds));
        }
    }

    @Override
    public void signOut(HttpServletRequest request, HttpServletResponse response) {
        token(request).ifPresent(sessions::close);
        setCookie(response, "", request.isSecure(), "; Max-Age=0");
    }

    /** By hand: the servlet API's own cookies know SameSite in some containers only. */
    private void setCookie(HttpServletResponse response, String value, boolean overTls, String more) {
        response.addHeader("Set-Cookie", COOKIE + "=" + value + "; Path=/admin; HttpOnly; SameSite=Strict"
                + (secure || overTls ? "; Secure" : "") + more);
    }

    @Override
    public void changePassword(String old, String fresh, HttpServletRequest request) {
        Visitor visitor = who(request).orElseThrow(() -> new AccountException(Reason.NO_SESSION,
                "only who signed in has a password to change"));
        if (fresh.length() < SHORTEST || fresh.length() > LONGEST || fresh.equals(old)) {
            throw new AccountException(Reason.BAD_PASSWORD, "a new password needs " + SHORTEST + " to " + LONGEST
                    + " characters, this one has " + fresh.length() + "; and it must not be the old one");
        }
        List<String> counted = List.of("name " + visitor.name());
        AccountBook.Entry changed;
        synchronized (hashing) {
            refuseLocked(counted);
            AccountBook.Entry account = book.named(visitor.name()).orElseThrow(KnownVisitors::changedMeanwhile);
            if (!account.password().matches(old)) {
                counted.forEach(lockout::failed);
                throw new AccountException(Reason.WRONG_PASSWORD, "the old password is another one");
            }
            changed = new AccountBook.Entry(account.name(), account.role(), account.created(),
                    HashedPassword.of(fresh, rounds, random), false);
            if (!book.replace(account, changed)) {
                throw changedMeanwhile();
            }
        }
        sessions.rekey(token(request).orElseThrow(), changed.password().salt());
    }

    private static AccountException changedMeanwhile() {
        return new AccountException(Reason.NO_SESSION, "the account was removed, or given another password, meanwhile; the new"
                + " password was not taken: sign in again");
    }

    @Override
    public List<Account> accounts() {
        return book.all().values().stream().map(entry -> new Account(entry.name(), entry.role(), entry.created(),
                sessions.count(entry.name(), entry.password().salt()))).sorted(Comparator.comparing(Account::name)).toList();
    }

    @Override
    public synchronized String invite(String name, Role role) {
        if (!NAME.matcher(name).matches()) {
            throw new AccountException(Reason.BAD_NAME, "a name has 1 to 64 letters, digits, dots, dashes, underscores or @");
        }
        if (book.named(name).isPresent()) {
            throw new AccountException(Reason.NAME_TAKEN, "there is an account " + name + " already");
        }
        String password = Secrets.draw(random);
        book.put(entry(name, role, password, rounds, InstantSource.system()));
        return password;
    }

    @Override
    public synchronized void dismiss(String name) {
        Map<String, AccountBook.Entry> all = book.all();
        if (!all.containsKey(name)) {
            throw new AccountException(Reason.UNKNOWN, "there is no account of this name");
        }
        if (all.values().stream().noneMatch(entry -> entry.role() == Role.ADMIN && !entry.name().equals(name))) {
            throw new AccountException(Reason.LAST_ADMIN, name + " is the last account with the role admin; make another first");
        }
        book.remove(name);
    }

    private static Optional<String> token(HttpServletRequest request) {
        if (request.getCookies() == null) {
            return Optional.empty();
        }
        for (Cookie cookie : request.getCookies()) {
            if (cookie.getName().equals(COOKIE) && !cookie.getValue().isEmpty()) {
                return Optional.of(cookie.getValue());
            }
        }
        return Optional.empty();
    }
}
