package org.alcove.worker;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.TemplateName;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The conversation templates that are installed now, by name; of several with one name the best ranked counts. */
@Component(service = TemplateRegistry.class)
public final class TemplateRegistry {

    private final ConcurrentMap<ServiceReference<ConversationTemplate>, InstalledTemplate> templates = new ConcurrentHashMap<>();

    @Activate
    public TemplateRegistry() {
    }

    /**
     * A template with its origin.
     *
     * @param name by which it is chosen
     * @param bundle to blame for its faults
     */
    record InstalledTemplate(String name, String bundle, ConversationTemplate template) {
    }

    @Reference(service = ConversationTemplate.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC, unbind = "unbind")
    void bind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        String name = String.valueOf(reference.getProperty(TemplateName.PROPERTY));
        templates.put(reference, new InstalledTemplate(name, reference.getBundle().getSymbolicName(), template));
    }

    void unbind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        templates.remove(reference);
    }

    Optional<InstalledTemplate> named(String name) {
        return templates.entrySet().stream().filter(entry -> entry.getValue().name().equals(name))
                .max(Comparator.comparing(entry -> entry.getKey())).map(entry -> entry.getValue());
    }

    /** Names of all, sorted. */
    List<String> names() {
        return templates.values().stream().map(InstalledTemplate::name).distinct().sorted().toList();
    }
}
