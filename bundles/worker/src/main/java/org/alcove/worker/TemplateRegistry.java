package org.alcove.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.TemplateName;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The conversation templates that are installed now, by name; of several with one name the best ranked counts. */
@Component(service = TemplateRegistry.class)
public final class TemplateRegistry {

    private static final int NAMES_SHOWN = 8;

    private static final Logger LOG = LoggerFactory.getLogger(TemplateRegistry.class);

    /** Best first. Replaced whole, under the monitor. */
    private volatile List<InstalledTemplate> templates = List.of();

    /**
     * A template with its origin.
     *
     * @param name by which it is chosen
     * @param origin its bundle is to blame for its faults
     */
    record InstalledTemplate(String name, Origin origin, ConversationTemplate template) {
    }

    @Activate
    public TemplateRegistry() {
    }

    @Reference(service = ConversationTemplate.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC, updated = "update", unbind = "unbind")
    void bind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        Origin origin = Origin.of(reference);
        if (reference.getProperty(TemplateName.PROPERTY) instanceof String name && !name.isBlank()) {
            add(name, template, origin);
        } else {
            LOG.error("A conversation template of bundle {} has no name and is not used; annotate it with @TemplateName",
                    origin.bundle());
        }
    }

    void update(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        remove(Origin.of(reference).id());
        bind(template, reference);
    }

    void unbind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        remove(Origin.of(reference).id());
    }

    synchronized void add(String name, ConversationTemplate template, Origin origin) {
        List<InstalledTemplate> next = new ArrayList<>(templates);
        next.add(new InstalledTemplate(name, origin, template));
        next.sort(Comparator.comparing(InstalledTemplate::origin, Origin.BEST_FIRST));
        templates = List.copyOf(next);
    }

    synchronized void remove(long id) {
        templates = templates.stream().filter(installed -> installed.origin().id() != id).toList();
    }

    Optional<InstalledTemplate> named(String name) {
        return templates.stream().filter(installed -> installed.name().equals(name)).findFirst();
    }

    /** Names of all, for people: so many that there is room for some in a message, and their number. */
    String names() {
        List<String> names = templates.stream().map(InstalledTemplate::name).distinct().sorted().toList();
        if (names.size() <= NAMES_SHOWN) {
            return names.isEmpty() ? "none" : String.join(", ", names);
        }
        return String.join(", ", names.subList(0, NAMES_SHOWN)) + " and " + (names.size() - NAMES_SHOWN)
                + " more (docs/writing-a-template.md)";
    }
}
