package org.alcove.weights.sample;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** Service references without a framework. */
public final class Services {

    private Services() {
    }

    /** A reference with these properties, from bundle {@code org.example.kernel 1.2.3}. */
    @SuppressWarnings("unchecked")
    public static <T> ServiceReference<T> reference(Map<String, ?> properties) {
        Bundle bundle = (Bundle) proxy(Bundle.class, Map.of("getSymbolicName", "org.example.kernel", "getVersion",
                new Version(1, 2, 3)), Map.of());
        return (ServiceReference<T>) proxy(ServiceReference.class, Map.of("getBundle", bundle), properties);
    }

    private static Object proxy(Class<?> type, Map<String, ?> answers, Map<String, ?> properties) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) ->
                method.getName().equals("getProperty") ? properties.get(arguments[0]) : answers.get(method.getName()));
    }
}
