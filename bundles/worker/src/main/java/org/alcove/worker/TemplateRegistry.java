package org.alcove.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    /** When the last one of a name went away, by {@link System#nanoTime()}; guarded by the monitor. */
    private final Map<String, Long> losses = new HashMap<>();

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

    synchronized void add(String name, ConversationTemplate template, Origin origin) {
        templates.add(name, template, origin);
        notifyAll();
    }

    synchronized void remove(long id) {
        templates.remove(id).ifPresent(removed -> losses.put(removed.name(), System.nanoTime()));
    }

    /**
     * Waits until one of this name is there; whether it is.
     *
     * @param since the waiting ends so long after this moment, or after the last one went away, whichever was later
     */
    synchronized boolean await(String name, long since, Duration limit) throws InterruptedException {
        while (named(name).isEmpty()) {
            long now = System.nanoTime();
            long missing = Math.min(now - since, now - losses.getOrDefault(name, since));
            if (missing >= limit.toNanos()) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, limit.toNanos() - missing);
        }
        return true;
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
