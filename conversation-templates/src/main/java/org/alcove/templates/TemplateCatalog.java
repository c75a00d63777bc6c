package org.alcove.templates;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.TemplateName;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one {@link ConversationTemplate} per data file of every started bundle whose manifest names such files, this one's
 * included: {@code Alcove-Templates: templates/*.json}. A template comes and goes with the bundle its file is in.
 */
@Component(service = {}, immediate = true)
public final class TemplateCatalog implements BundleTrackerCustomizer<List<ServiceRegistration<ConversationTemplate>>> {

    /** Manifest header: where a bundle keeps its templates; a folder, a slash and a pattern, several parted by commas. */
    static final String HEADER = "Alcove-Templates";

    private static final Logger LOG = LoggerFactory.getLogger(TemplateCatalog.class);

    private final TemplateFile files = new TemplateFile();
    private final BundleTracker<List<ServiceRegistration<ConversationTemplate>>> tracker;
    private volatile boolean closed;

    /** Reads the files that are there beside the caller: they are many, and the start of a server does not wait for them. */
    @Activate
    public TemplateCatalog(BundleContext context) {
        tracker = new BundleTracker<>(context, Bundle.ACTIVE | Bundle.STARTING, this);
        Thread.ofPlatform().daemon().name("alcove-templates").start(this::open);
    }

    private void open() {
        try {
            tracker.open();
        } catch (RuntimeException stopped) {
            if (!closed) {
                throw stopped;
            }
            LOG.debug("The bundle was stopped while its templates were read", stopped);
        }
        if (closed) {
            tracker.close();
        }
    }

    /** Nothing is waited for: a tracker that is closed while it opens takes back what it added. */
    @Deactivate
    void close() {
        closed = true;
        tracker.close();
    }

    @Override
    public List<ServiceRegistration<ConversationTemplate>> addingBundle(Bundle bundle, BundleEvent event) {
        String header = bundle.getHeaders("").get(HEADER);
        if (header == null || bundle.getBundleContext() == null) {
            return null;
        }
        List<ServiceRegistration<ConversationTemplate>> registrations = new ArrayList<>();
        for (String pattern : header.split(",")) {
            int slash = pattern.strip().lastIndexOf('/');
            Enumeration<URL> found = bundle.findEntries(slash < 0 ? "/" : pattern.strip().substring(0, slash),
                    pattern.strip().substring(slash + 1), false);
            if (found == null) {
                LOG.error("Bundle {} names templates {} but holds no such file; correct its header {}",
                        bundle.getSymbolicName(), pattern.strip(), HEADER);
                continue;
            }
            for (URL file : Collections.list(found)) {
                register(bundle, file, registrations);
            }
        }
        LOG.info("{} conversation templates from {} {}", registrations.size(), bundle.getSymbolicName(), bundle.getVersion());
        return registrations;
    }

    private void register(Bundle bundle, URL file, List<ServiceRegistration<ConversationTemplate>> registrations) {
        try (InputStream in = file.openStream()) {
            TurnFormat format = files.read(file.getPath(), in);
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(TemplateName.PROPERTY, format.name());
            properties.put(Constants.SERVICE_RANKING, format.ranking());
            // Registered by the bundle that holds the file, so that "who offers this" is answered with the right name.
            BundleContext owner = bundle.getBundleContext();
            if (owner == null) {
                throw new IllegalStateException(bundle.getSymbolicName() + " is stopped");
            }
            registrations.add(owner.registerService(ConversationTemplate.class, new FamilyTemplate(format), properties));
        } catch (IOException e) {
            if (bundle.getBundleContext() == null) {
                throw new IllegalStateException(bundle.getSymbolicName() + " is stopped", e);
            }
            LOG.error("A template of bundle {} is left out: {}", bundle.getSymbolicName(), e.getMessage());
        }
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, List<ServiceRegistration<ConversationTemplate>> registrations) {
        // A bundle's files do not change while it is started.
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, List<ServiceRegistration<ConversationTemplate>> registrations) {
        for (ServiceRegistration<ConversationTemplate> registration : registrations) {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("The framework was first to unregister a template of {}", bundle.getSymbolicName());
            }
        }
    }
}
