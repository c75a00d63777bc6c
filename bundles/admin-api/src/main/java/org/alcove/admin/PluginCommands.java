package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.alcove.accounts.Audit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code alcove:plugins} of the framework's shell: the same deeds as those of the administration; a jar is installed
 * or replaced by putting it into the folder of plug-ins. That shell finds it by its service properties.
 */
@Component(service = PluginCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=plugins"})
public final class PluginCommands {

    private static final String USAGE = """
            plugins              what is installed, what it offers and who uses that
            plugins impact ID    what would come of it if it were stopped
            plugins rollback ID  puts back the jar that was there before
            plugins remove ID    removes it; its jar is kept""";

    /** Of a bundle with many, as of templates, those named first. */
    private static final int MOST_OFFERS = 12;

    private final PluginDesk desk;
    private final ShellDeeds deeds;

    @Activate
    public PluginCommands(@Reference PluginDesk desk, @Reference Audit audit) {
        this.desk = desk;
        this.deeds = new ShellDeeds(audit);
    }

    /** One line for each plug-in, and one for each of which only a jar is kept. */
    public String plugins() throws IOException {
        JsonNode all = desk.plugins();
        List<String> lines = new ArrayList<>();
        all.path("plugins").forEach(plugin -> lines.add(line(plugin)));
        all.path("removed").forEach(plugin -> lines.add(plugin.path("id").asText() + " " + plugin.path("version").asText()
                + " removed; rollback brings it back"));
        return String.join("\n", lines);
    }

    /** What would come of stopping one, or a change. */
    public String plugins(String verb, String id) {
        return switch (verb) {
            case "impact" -> impact(id);
            case "rollback" -> deeds.perform("plugin.rollback", id, "", () -> line(desk.rollBack(id, (what, versions) -> {
            })));
            case "remove" -> deeds.perform("plugin.remove", id, "", () -> {
                List<String> removed = new ArrayList<>();
                desk.remove(id, (what, version) -> removed.add(version));
                return id + " " + removed.getFirst() + " is removed";
            });
            default -> USAGE;
        };
    }

    private String impact(String id) {
        try {
            return desk.effects(id).stream().map(effect -> effect.severity() + ": " + effect.text())
                    .collect(Collectors.joining("\n"));
        } catch (AdminException refused) {
            return refused.getMessage();
        }
    }

    private static String line(JsonNode plugin) {
        List<String> offers = new ArrayList<>();
        plugin.path("provides").forEach(offer -> offers.add(offer.path("kind").asText() + " " + offer.path("name").asText()
                + (offer.path("tier").asText().isEmpty() ? "" : " (" + offer.path("tier").asText() + ")")
                + (offer.path("in_use").asBoolean() ? " in use" : "")));
        String more = offers.size() > MOST_OFFERS ? " and " + (offers.size() - MOST_OFFERS) + " more" : "";
        return plugin.path("id").asText() + " " + plugin.path("version").asText() + " " + plugin.path("state").asText() + ", "
                + plugin.path("requests").asLong() + " requests" + (offers.isEmpty() ? "" : ": ")
                + String.join(", ", offers.subList(0, Math.min(MOST_OFFERS, offers.size()))) + more;
    }
}
