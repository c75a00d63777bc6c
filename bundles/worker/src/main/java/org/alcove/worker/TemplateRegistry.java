package org.alcove.worker;

import java.util.List;
import java.util.Optional;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.TemplateName;
import org.alcove.ranked.Origin;
import org.alcove.ranked.RankedServices;
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

    private final RankedServices<ConversationTemplate> templates = new RankedServices<>();

    @Activate
    public TemplateRegistry() {
    }

    @Reference(service = ConversationTemplate.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC, updated = "update", unbind = "unbind")
    void bind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        Origin origin = Origin.of(reference);
        Origin.name(reference, TemplateName.PROPERTY).ifPresentOrElse(name -> add(name, template, origin), () -> LOG.error(
                "A conversation template of bundle {} has no name and is not used; annotate it with @TemplateName",
                origin.bundle()));
    }

    void update(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        remove(Origin.of(reference).id());
        bind(template, reference);
    }

    void unbind(ConversationTemplate template, ServiceReference<ConversationTemplate> reference) {
        remove(Origin.of(reference).id());
    }

    void add(String name, ConversationTemplate template, Origin origin) {
        templates.add(name, template, origin);
    }

    void remove(long id) {
        templates.remove(id);
    }

    Optional<RankedServices.Installed<ConversationTemplate>> named(String name) {
        return templates.named(name);
    }

    /** Names of all, for people: so many that there is room for some in a message, and their number. */
    String names() {
        List<String> names = templates.names();
        if (names.size() <= NAMES_SHOWN) {
            return names.isEmpty() ? "none" : String.join(", ", names);
        }
        return String.join(", ", names.subList(0, NAMES_SHOWN)) + " and " + (names.size() - NAMES_SHOWN)
                + " more (docs/writing-a-template.md)";
    }
}
