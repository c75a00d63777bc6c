package org.alcove.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What Declarative Services has made of the descriptors that a bundle names: it writes what it cannot use into its log alone. */
final class PluginComponents {

    private final ServiceComponentRuntime runtime;

    PluginComponents(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    static boolean has(Bundle bundle) {
        return !entries(bundle).isEmpty();
    }

    private static List<String> entries(Bundle bundle) {
        String header = bundle.getHeaders().get("Service-Component");
        return header == null || header.isBlank() ? List.of() : List.of(header.strip().split("[, ]+"));
    }

    /** Why not all components of a bundle that runs can serve; nothing where one only waits for what it needs. */
    Optional<String> trouble(Bundle bundle) {
        List<String> entries = entries(bundle);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        int files = 0;
        for (String entry : entries) {
            int found = files(bundle, entry);
            if (found == 0) {
                return Optional.of("its component descriptor " + entry + " is not in the jar");
            }
            files += found;
        }
        Collection<ComponentDescriptionDTO> components = runtime.getComponentDescriptionDTOs(bundle);
        if (components.size() < files) {
            return Optional.of("of its " + files + " component descriptors " + components.size()
                    + " can be used; the server's log says why");
        }
        return components.stream().map(this::failure).flatMap(Optional::stream).findFirst();
    }

    private static int files(Bundle bundle, String entry) {
        int slash = entry.lastIndexOf('/');
        var found = bundle.findEntries(slash < 0 ? "/" : entry.substring(0, slash + 1), entry.substring(slash + 1), false);
        return found == null ? 0 : Collections.list(found).size();
    }

    private Optional<String> failure(ComponentDescriptionDTO component) {
        return runtime.getComponentConfigurationDTOs(component).stream()
                .filter(configuration -> configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION).findFirst()
                .map(configuration -> "its component " + component.name + " cannot be activated: "
                        + cause(String.valueOf(configuration.failure)));
    }

    /** The last cause that a stack trace names: those before it are of who called the constructor. */
    private static String cause(String trace) {
        List<String> causes = new ArrayList<>(trace.lines().limit(1).toList());
        trace.lines().filter(line -> line.startsWith("Caused by: ")).map(line -> line.substring(11)).forEach(causes::add);
        return causes.getLast().strip();
    }

    /**
     * Why a service that a bundle offers cannot be had: components are made when somebody asks for their service, and in the log
     * alone it would stand that they could not.
     *
     * @param context of who asks
     */
    Optional<String> unusable(Bundle bundle, BundleContext context) {
        ServiceReference<?>[] offered = bundle.getRegisteredServices();
        for (ServiceReference<?> service : offered == null ? new ServiceReference<?>[0] : offered) {
            if (!(service.getProperty(ComponentConstants.COMPONENT_NAME) instanceof String name)) {
                continue;
            }
            if (context.getService(service) == null && service.getBundle() != null) {
                return Optional.ofNullable(runtime.getComponentDescriptionDTO(bundle, name)).flatMap(this::failure)
                        .or(() -> Optional.of("its component " + name + " cannot be made; the server's log says why"));
            }
            context.ungetService(service);
        }
        return Optional.empty();
    }

    /** What the components of a bundle wait for that offers nothing. */
    String missing(Bundle bundle) {
        StringJoiner all = new StringJoiner("; ");
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(component)) {
                for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                    all.add(component.name + " has no " + reference.name
                            + (reference.target == null ? "" : " " + reference.target));
                }
                if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
                    all.add(component.name + " has no configuration " + String.join(", ", component.configurationPid));
                }
            }
        }
        return all.length() == 0 ? "no component is enabled" : all.toString();
    }
}
