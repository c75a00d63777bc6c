package org.alcove.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alcove.accounts.Audit;
import org.alcove.api.control.Controller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code alcove:kernels} of the framework's shell: lists kernels, and has others compute for a while. That shell
 * finds it by its service properties; without it it is never called.
 */
@Component(service = KernelCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=kernels"})
public final class KernelCommands {

    private static final String DEED = "kernel.trial";
    private static final String USAGE = """
            kernels                           all kernels, by format, the best first; a star marks the one that computes
            kernels try MODEL TIER [SECONDS]  has the kernels of a tier compute a model of this process, for 60 s or as told
            kernels end                       ends the trial""";

    private final Controller controller;
    private final KernelTable table;
    private final KernelTrials trials;
    private final ShellDeeds deeds;

    @Activate
    public KernelCommands(@Reference Controller controller, @Reference KernelTable table, @Reference KernelTrials trials,
            @Reference Audit audit) {
        this.controller = controller;
        this.table = table;
        this.trials = trials;
        this.deeds = new ShellDeeds(audit);
    }

    /** One line for each kernel and format, and one for the trial that runs. */
    public String kernels() {
        List<String> lines = new ArrayList<>();
        trials.kernels().values().forEach(kernels -> kernels.forEach(kernel -> lines.add(String.format(Locale.ROOT,
                "%s %-24s %-20s ranking %4d  %s", table.computes(kernel) ? "*" : " ", kernel.format(), kernel.tier(),
                kernel.ranking(), kernel.plugin()))));
        trials.running().ifPresent(trial -> lines.add(trial.tier() + " is tried by " + trial.by() + " on the model "
                + trial.model() + " until " + trial.until()));
        return String.join("\n", lines);
    }

    /** Begins or ends a trial; what it then lists. */
    public String kernels(String verb, String... words) {
        boolean begin = verb.equals("try") && (words.length == 2 || words.length == 3);
        if (!begin && !(verb.equals("end") && words.length == 0)) {
            return USAGE;
        }
        return begin ? begin(words[0], words[1], words.length == 3 ? words[2] : Integer.toString(KernelTrials.SECONDS))
                : deeds.perform(DEED, "", "", () -> {
                    trials.end();
                    return kernels();
                });
    }

    private String begin(String model, String tier, String seconds) {
        return deeds.perform(DEED, model, tier + ", " + seconds + " s", () -> {
            Duration time = Duration.ofSeconds(ShellDeeds.number(seconds, 1, KernelTrials.MOST_SECONDS, "SECONDS"));
            trials.begin(ShellDeeds.WHO, model, KernelDesk.formats(controller, model), tier, time);
            return kernels();
        });
    }
}
