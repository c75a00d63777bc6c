package org.alcove.shell;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.felix.cm.PersistenceManager;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configurations of a sealed process: what the files of {@code conf/} said when it started. Config Admin keeps its
 * configurations here and nowhere else, so what is refused here is refused to everybody, before any component hears of it.
 *
 * <p>The launcher publishes the files with {@code alcove.sealed=configuration}; other processes never activate this component.
 */
@Component(property = PersistenceManager.PROPERTY_NAME + "=alcove.sealed")
public final class SealedConfigurations implements PersistenceManager {

    private static final Logger LOG = LoggerFactory.getLogger(SealedConfigurations.class);
    private static final String SUFFIX = ".config";
    private static final String PID = "service.pid";
    private static final String FACTORY_PID = "service.factoryPid";
    private static final String LOCATION = "service.bundleLocation";

    /** Which bundle was told of which configuration: Config Admin's own note, and no configuration. */
    private static final String NOTE = "org_apache_felix_cm_impl_DynamicBindings";

    private final ConcurrentMap<String, Dictionary<String, Object>> configurations = new ConcurrentHashMap<>();

    /** @param files contents by file name */
    @Activate
    public SealedConfigurations(@Reference(target = "(alcove.sealed=configuration)") Supplier<Map<String, byte[]>> files)
            throws IOException {
        for (Map.Entry<String, byte[]> file : files.get().entrySet()) {
            add(file.getKey(), file.getValue());
        }
        LOG.info("Sealed: {} configurations are as they are, and no other is taken", configurations.size());
    }

    /** {@code NAME.config}, or {@code FACTORY-INSTANCE.config} for one of several of a kind. */
    private void add(String name, byte[] file) throws IOException {
        String stem = name.substring(0, name.length() - SUFFIX.length());
        int dash = stem.indexOf('-');
        String pid = dash < 0 ? stem : stem.substring(0, dash) + "~" + stem.substring(dash + 1);
        Dictionary<String, Object> read;
        try {
            read = copy(ConfigurationHandler.read(new ByteArrayInputStream(strict(file))));
        } catch (IOException e) {
            throw new IOException(name + " cannot be read as a configuration: " + e.getMessage(), e);
        }
        read.put(PID, pid);
        // For whichever bundle asks for it.
        read.put(LOCATION, "?");
        if (dash >= 0) {
            read.put(FACTORY_PID, stem.substring(0, dash));
        }
        configurations.put(pid, read);
    }

    /**
     * The files as Config Admin's own reader wants them, which is stricter than File Install: comments stand before the first
     * property alone, and within quotes an equals sign has a backslash before it.
     */
    private static byte[] strict(byte[] file) {
        return new String(file, StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(line -> {
            int quote = line.indexOf('"');
            return quote < 0 ? line : line.substring(0, quote) + line.substring(quote).replaceAll("(?<!\\\\)=", "\\\\=");
        }).collect(Collectors.joining("\n", "", "\n")).getBytes(StandardCharsets.UTF_8);
    }

    private static Dictionary<String, Object> copy(Dictionary<?, ?> from) {
        Dictionary<String, Object> copy = new Hashtable<>();
        for (Object key : Collections.list(from.keys())) {
            copy.put((String) key, from.get(key));
        }
        return copy;
    }

    @Override
    public boolean exists(String pid) {
        return configurations.containsKey(pid);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Dictionary load(String pid) throws IOException {
        Dictionary<String, Object> found = configurations.get(pid);
        if (found == null) {
            throw new IOException("there is no configuration " + pid);
        }
        return copy(found);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Enumeration getDictionaries() {
        return Collections.enumeration(configurations.values().stream().map(SealedConfigurations::copy).toList());
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void store(String pid, Dictionary properties) throws IOException {
        if (!pid.equals(NOTE)) {
            throw refused(pid);
        }
        configurations.put(pid, copy(properties));
    }

    @Override
    public void delete(String pid) throws IOException {
        if (configurations.containsKey(pid)) {
            throw refused(pid);
        }
    }

    private static IOException refused(String pid) {
        LOG.warn("Refused a change of the configuration {}: this process is sealed", pid);
        return new IOException("the configuration " + pid + " cannot be changed: this process is sealed; change the files of"
                + " conf/ and start it again");
    }
}
