package org.alcove.admin;

import jakarta.servlet.Servlet;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alcove.api.control.Controller;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.TemplateName;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.GuardName;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.ModelCard;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** The bundles that plug into a seam, what each offers, and who uses it. Reads what they announce and calls none. */
final class PluginCatalogue {

    private static final String PATTERN = "osgi.http.whiteboard.servlet.pattern";

    private final BundleContext context;
    private final Controller controller;

    /** What plugs in. */
    enum Kind {
        KERNEL(QuantizationKernel.class, QuantizationFormat.PROPERTY),
        POLICY(SchedulingPolicy.class, PolicyName.PROPERTY),
        TEMPLATE(ConversationTemplate.class, TemplateName.PROPERTY),
        GUARD(Guard.class, GuardName.PROPERTY),
        FRONTEND(Servlet.class, PATTERN);

        private final String service;
        private final String property;

        Kind(Class<?> service, String property) {
            this.service = service.getName();
            this.property = property;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something a bundle offers.
     *
     * @param name format, policy, template, guard or path
     * @param tier of a kernel
     * @param best whether it is the best of its name
     * @param instead symbolic name of the bundle that would take its place, if one would
     * @param users names of models; a guard sees the requests for all of them
     */
    record Offer(Kind kind, String name, String tier, boolean best, Optional<String> instead, List<String> users) {

        boolean inUse() {
            return best && (kind == Kind.FRONTEND || !users.isEmpty());
        }
    }

    PluginCatalogue(BundleContext context, Controller controller) {
        this.context = context;
        this.controller = controller;
    }

    /** Bundles that offer something, or lie in the folder of plug-ins. */
    List<Bundle> bundles(Path folder) {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getBundleId() != 0)
                .filter(bundle -> inFolder(bundle, folder) || !offers(bundle).isEmpty())
                .sorted(Comparator.comparing(Bundle::getSymbolicName)).toList();
    }

    static boolean inFolder(Bundle bundle, Path folder) {
        return file(bundle).filter(file -> folder.equals(file.getParent())).isPresent();
    }

    /** The jar of a bundle that File Install brought in. */
    static Optional<Path> file(Bundle bundle) {
        String location = bundle.getLocation();
        try {
            return location.startsWith("file:") ? Optional.of(Path.of(URI.create(location)).toAbsolutePath().normalize())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    List<Offer> offers(Bundle bundle) {
        List<Offer> offers = new ArrayList<>();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
            List<String> classes = List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
            for (Kind kind : Kind.values()) {
                if (classes.contains(kind.service)) {
                    KernelTable.texts(reference.getProperty(kind.property))
                            .forEach(name -> offers.add(offer(kind, name, reference)));
                }
            }
        }
        return offers;
    }

    private Offer offer(Kind kind, String name, ServiceReference<?> reference) {
        List<ServiceReference<?>> all = rivals(kind, name);
        Optional<String> instead = all.stream().map(ServiceReference::getBundle)
                .filter(other -> other != null && !other.equals(reference.getBundle())).map(Bundle::getSymbolicName).findFirst();
        String tier = reference.getProperty(QuantizationFormat.TIER) instanceof String text ? text : "";
        return new Offer(kind, name, tier, all.isEmpty() || all.getFirst().equals(reference), instead, users(kind, name));
    }

    /** All that offer something of this name, best first. */
    private List<ServiceReference<?>> rivals(Kind kind, String name) {
        if (kind == Kind.FRONTEND) {
            return List.of();
        }
        List<ServiceReference<?>> rivals = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            ServiceReference<?>[] references = bundle.getRegisteredServices();
            for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
                if (List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(kind.service)
                        && KernelTable.texts(reference.getProperty(kind.property)).contains(name)) {
                    rivals.add(reference);
                }
            }
        }
        rivals.sort(Comparator.reverseOrder());
        return rivals;
    }

    private List<String> users(Kind kind, String name) {
        return controller.cards().entrySet().stream().filter(card -> switch (kind) {
            case KERNEL -> card.getKey().startsWith(AdminJson.LOCAL) && AdminJson.formats(card.getValue()).anyMatch(name::equals);
            case POLICY -> controller.policy().equals(name);
            case TEMPLATE -> card.getKey().startsWith(AdminJson.LOCAL) && template(card.getValue()).equals(name);
            case GUARD -> true;
            case FRONTEND -> false;
        }).map(card -> card.getValue().name()).distinct().sorted().toList();
    }

    /** The card says its name first, then why. */
    static String template(ModelCard card) {
        return card.template().split("[ (]", 2)[0];
    }
}
