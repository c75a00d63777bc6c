package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alcove.accounts.Audit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code alcove:quantizations} of the framework's shell: the same jobs as those of the administration. That shell
 * finds it by its service properties; without it it is never called.
 */
@Component(service = QuantizationCommands.class, property = {"osgi.command.scope=alcove",
    "osgi.command.function=quantizations"})
public final class QuantizationCommands {

    private static final String USAGE = """
            quantizations                                     the last jobs, the newest first
            quantizations begin SOURCE TARGET SCHEME [GROUP]  writes a model with 4 or 8 bits a weight into the models folder
            quantizations stop ID                             ends a job; nothing is left of its target""";

    private final QuantizationDesk desk;
    private final ShellDeeds deeds;

    @Activate
    public QuantizationCommands(@Reference QuantizationDesk desk, @Reference Audit audit) {
        this.desk = desk;
        this.deeds = new ShellDeeds(audit);
    }

    /** One line for each job. */
    public String quantizations() {
        return desk.jobs().stream().map(QuantizationCommands::line).collect(Collectors.joining("\n"));
    }

    /** Begins or ends a job. */
    public String quantizations(String verb, String... words) {
        if (verb.equals("begin") && (words.length == 3 || words.length == 4)) {
            return deeds.perform("model.quantize", words[0], words[2] + " as " + words[1], () -> {
                int group = words.length == 3 ? QuantizationDesk.USUAL_GROUP : QuantizationDesk.group(words[3]).orElseThrow(
                        () -> AdminException.invalid("GROUP must be " + QuantizationDesk.GROUPS_TOLD + ", not " + words[3]));
                String container = group == QuantizationDesk.USUAL_GROUP ? "gguf" : "hf";
                return line(desk.begin(
                        new QuantizationDesk.Wish(words[0], words[1], words[2], group, container, ShellDeeds.WHO)));
            });
        }
        return verb.equals("stop") && words.length == 1
                ? deeds.perform("model.quantize.stop", words[0], "", () -> line(desk.cancel(words[0]))) : USAGE;
    }

    private static String line(QuantizationJob job) {
        JsonNode told = job.json();
        return String.format(Locale.ROOT, "%-5s %-9s %s as %s, %s, by %s  %d of %d tensors  %s", job.id(),
                told.path("state").asText(), told.path("source").asText(), told.path("target").asText(),
                told.path("scheme").asText(), told.path("by").asText(), told.at("/progress/done").asInt(),
                told.at("/progress/total").asInt(), told.path("message").asText()).stripTrailing();
    }
}
