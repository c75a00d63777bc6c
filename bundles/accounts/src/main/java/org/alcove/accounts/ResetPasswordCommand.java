package org.alcove.accounts;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.commandline.Usage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * {@code ./alcove reset-password}: gives an account another password and prints it. Whoever can write the data folder may; a
 * running server takes it over at once, and the account's sessions are over.
 */
@Component(property = {Command.NAME + "=reset-password",
    Command.SUMMARY + "=Give an account of the console another password: --data DIR [--account NAME]"})
public final class ResetPasswordCommand implements Command {

    private static final Usage USAGE = Usage.of("reset-password", "usage: ./alcove reset-password --data DIR [--account NAME]",
            "--data", "--account");

    private final int rounds;
    private final SecureRandom random;

    @Activate
    public ResetPasswordCommand() {
        this(HashedPassword.ROUNDS, new SecureRandom());
    }

    ResetPasswordCommand(int rounds, SecureRandom random) {
        this.rounds = rounds;
        this.random = random;
    }

    private record Order(Path data, String account) {
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws Exception {
        return USAGE.run(arguments, terminal, line -> new Order(Path.of(line.needed("--data")),
                line.text("--account", KnownVisitors.FIRST)), order -> reset(order, terminal));
    }

    private int reset(Order order, Terminal terminal) {
        AccountBook book = new AccountBook(order.data().resolve("admin").resolve("accounts.json"));
        if (!book.isThere()) {
            throw new IllegalArgumentException("there are no accounts in " + order.data()
                    + "; the first start of a server with --data " + order.data() + " makes one");
        }
        AccountBook.Entry account = book.named(order.account()).orElseThrow(() -> new IllegalArgumentException(
                "there is no account " + order.account() + "; accounts: " + String.join(", ", book.all().keySet())));
        String password = Secrets.draw(random);
        AccountBook.Entry reset = new AccountBook.Entry(account.name(), account.role(), InstantSource.system().instant(),
                HashedPassword.of(password, rounds, random), true);
        if (!book.replace(account, reset)) {
            throw new IllegalArgumentException("the account " + account.name()
                    + " was removed, or given another password, meanwhile; nothing was reset: try again");
        }
        terminal.out().println("The password of " + account.name() + " is now: " + password);
        return 0;
    }
}
