package org.alcove.admin;

import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configurations of models, in memory. */
final class FakeConfigurations {

    private final List<Dictionary<String, Object>> all = new CopyOnWriteArrayList<>();

    void add(String... keysAndValues) {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        all.add(properties);
    }

    Dictionary<String, Object> last() {
        return all.getLast();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void clear() {
        all.clear();
    }

    ConfigurationAdmin admin() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "listConfigurations" -> all.isEmpty() ? null
                            : all.stream().map(this::configuration).toArray(Configuration[]::new);
                    case "createFactoryConfiguration" -> configuration(new Hashtable<>());
                    case "getConfiguration" -> configuration(last());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Configuration configuration(Dictionary<String, Object> properties) {
        return (Configuration) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Configuration.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "update" -> {
                            Dictionary<?, ?> given = (Dictionary<?, ?>) arguments[0];
                            given.keys().asIterator().forEachRemaining(key -> properties.put((String) key, given.get(key)));
                            all.add(properties);
                        }
                        case "delete" -> all.remove(properties);
                        default -> {
                            return properties;
                        }
                    }
                    return null;
                });
    }
}
