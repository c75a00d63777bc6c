package org.alcove.worker;

import java.io.IOException;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a serving process that was given a model by {@code --model} where no configuration takes it: its file was edited, cut
 * short or is no file. Otherwise the flag would have no effect, and the process would wait for ever for a model. All files have
 * been read before this component starts.
 *
 * <p>The launcher publishes an {@link IntConsumer} with {@code alcove.serving}; other processes never activate this component.
 */
@Component(service = {}, immediate = true)
public final class GivenModel {

    private static final Logger LOG = LoggerFactory.getLogger(GivenModel.class);
    /** The launcher's property for the flag; absent or empty where the model is the one in the box. */
    private static final String GIVEN = "alcove.model.given";
    /** What the configuration refers to that takes it. */
    private static final String TAKEN = "$[prop:alcove.model.path;default=]";
    private static final int FAILED = 1;

    @Activate
    public GivenModel(BundleContext context, @Reference ConfigurationAdmin admin,
            @Reference(target = "(alcove.serving=*)") IntConsumer exit) throws IOException, InvalidSyntaxException {
        String path = Optional.ofNullable(context.getProperty(GIVEN)).orElse("");
        if (!path.isEmpty() && !isTaken(path, admin.listConfigurations("(service.factoryPid=" + LocalModels.FACTORY + ")"))) {
            LOG.error("--model {} was given, but conf/{}-default.config has no path=\"{}\"; restore that line, or start without"
                    + " --model", path, LocalModels.FACTORY, TAKEN);
            // The process cannot stop while it waits for this component.
            Thread.ofPlatform().daemon().name("alcove-given-model").start(() -> exit.accept(FAILED));
        }
    }

    /** @param models null where there are none */
    private static boolean isTaken(String given, Configuration[] models) {
        for (Configuration model : models == null ? new Configuration[0] : models) {
            String path = String.valueOf(model.getProperties().get("path"));
            if (path.contains("[prop:alcove.model.path") && path.endsWith("]") || path.equals(given)) {
                return true;
            }
        }
        return false;
    }
}
