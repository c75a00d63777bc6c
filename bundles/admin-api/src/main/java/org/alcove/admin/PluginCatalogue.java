package org.alcove.admin;

import jakarta.servlet.Servlet;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/**
 * The bundles that plug into a seam, what each offers, and who uses it, as it was at one moment: {@link #of} goes once over all
 * services and cards, as it is asked where answers end. Reads what bundles announce and calls none.
 */
final class PluginCatalogue {

    private static final String PATTERN = "osgi.http.whiteboard.servlet.pattern";

    private final Map<Bundle, List<Offer>> offers;

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

    /** Something that services can offer; those of several bundles are rivals for it. */
    private record Seat(Kind kind, String name) {
    }

    private record Taken(Seat seat, ServiceReference<?> by) {
    }

    private PluginCatalogue(Map<Bundle, List<Offer>> offers) {
        this.offers = offers;
    }

    /** What all bundles offer now. */
    static PluginCatalogue of(BundleContext context, Controller controller) {
        Map<String, ModelCard> cards = controller.cards();
        String policy = controller.policy();
        Map<Bundle, List<Taken>> taken = new LinkedHashMap<>();
        Map<Seat, List<ServiceReference<?>>> rivals = new HashMap<>();
        for (Bundle bundle : context.getBundles()) {
            List<Taken> seats = seats(bundle);
            taken.put(bundle, seats);
            seats.forEach(one -> rivals.computeIfAbsent(one.seat(), key -> new ArrayList<>()).add(one.by()));
        }
        rivals.values().forEach(list -> list.sort(Comparator.reverseOrder()));
        Map<Bundle, List<Offer>> offers = new LinkedHashMap<>();
        taken.forEach((bundle, seats) -> offers.put(bundle, seats.stream()
                .map(one -> offer(one, rivals.get(one.seat()), users(one.seat(), cards, policy))).toList()));
        return new PluginCatalogue(offers);
    }

    /** Bundles that offer something, or lie in the folder of plug-ins. */
    List<Bundle> bundles(Path folder) {
        return offers.keySet().stream().filter(bundle -> bundle.getBundleId() != 0)
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
        return offers.getOrDefault(bundle, List.of());
    }

    private static List<Taken> seats(Bundle bundle) {
        List<Taken> seats = new ArrayList<>();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
            List<String> classes = List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
            for (Kind kind : Kind.values()) {
                if (classes.contains(kind.service)) {
                    KernelTable.texts(reference.getProperty(kind.property))
                            .forEach(name -> seats.add(new Taken(new Seat(kind, name), reference)));
                }
            }
        }
        return seats;
    }

    /** @param rivals all that offer the same, best first; pages of one path are none */
    private static Offer offer(Taken taken, List<ServiceReference<?>> rivals, List<String> users) {
        Seat seat = taken.seat();
        boolean alone = seat.kind() == Kind.FRONTEND;
        Optional<String> instead = alone ? Optional.empty() : rivals.stream().map(ServiceReference::getBundle)
                .filter(other -> other != null && !other.equals(taken.by().getBundle())).map(Bundle::getSymbolicName).findFirst();
        return new Offer(seat.kind(), seat.name(), KernelTable.tier(taken.by()), alone || rivals.getFirst().equals(taken.by()),
                instead, users);
    }

    private static List<String> users(Seat seat, Map<String, ModelCard> cards, String policy) {
        return cards.entrySet().stream().filter(card -> switch (seat.kind()) {
            case KERNEL -> card.getKey().startsWith(AdminJson.LOCAL)
                    && AdminJson.formats(card.getValue()).anyMatch(seat.name()::equals);
            case POLICY -> policy.equals(seat.name());
            case TEMPLATE -> card.getKey().startsWith(AdminJson.LOCAL) && template(card.getValue()).equals(seat.name());
            case GUARD -> true;
            case FRONTEND -> false;
        }).map(card -> card.getValue().name()).distinct().sorted().toList();
    }

    /** The card says its name first, then why. */
    static String template(ModelCard card) {
        return card.template().split("[ (]", 2)[0];
    }
}
