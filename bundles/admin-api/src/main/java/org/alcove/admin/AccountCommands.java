package org.alcove.admin;

import java.util.Locale;
import java.util.stream.Collectors;
import org.alcove.accounts.Account;
import org.alcove.accounts.Audit;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code alcove:accounts} of the framework's shell: lists who may sign in, lets people in and lets them in no more.
 * That shell finds it by its service properties; without it it is never called.
 */
@Component(service = AccountCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=accounts"})
public final class AccountCommands {

    private static final String USAGE = """
            accounts                    who may sign in
            accounts create NAME ROLE   lets somebody in as viewer, operator or admin, and prints the first password once
            accounts remove NAME        lets somebody in no more""";

    private final Visitors visitors;
    private final ShellDeeds deeds;

    @Activate
    public AccountCommands(@Reference Visitors visitors, @Reference Audit audit) {
        this.visitors = visitors;
        this.deeds = new ShellDeeds(audit);
    }

    /** One line for each account. */
    public String accounts() {
        return visitors.accounts().stream().map(AccountCommands::line).collect(Collectors.joining("\n"));
    }

    /** Makes or removes an account. */
    public String accounts(String verb, String... words) {
        if (verb.equals("create") && words.length == 2) {
            return deeds.perform("account.create", words[0], words[1], () -> {
                Role role = Role.named(words[1]).orElseThrow(() -> AdminException.invalid("a role is viewer, operator or admin"));
                return visitors.invite(words[0], role) + "\nCopy the password now: it is not shown again.";
            });
        }
        if (verb.equals("remove") && words.length == 1) {
            return deeds.perform("account.remove", words[0], "", () -> {
                visitors.dismiss(words[0]);
                return "done";
            });
        }
        return USAGE;
    }

    private static String line(Account account) {
        return String.format(Locale.ROOT, "%-24s %-8s %3d sessions  since %s", account.name(), account.role().word(),
                account.sessions(), account.created());
    }
}
