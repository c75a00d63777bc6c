package org.alcove.web.stopping;

import java.util.Collections;
import java.util.Enumeration;
import java.net.URL;
import org.osgi.framework.Bundle;

/** Loads every class of this bundle, because a running stream of an updated bundle cannot load one any more. */
final class OwnClasses {

    private static final String ENDING = ".class";

    private OwnClasses() {
    }

    static void load(Bundle bundle) {
        Enumeration<URL> entries = bundle.findEntries("/", "*" + ENDING, true);
        for (URL entry : entries == null ? Collections.<URL>emptyList() : Collections.list(entries)) {
            String path = entry.getPath().replaceFirst("^/", "");
            String name = path.substring(0, path.length() - ENDING.length()).replace('/', '.');
            try {
                Class.forName(name, true, OwnClasses.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(name + " stands in the bundle and cannot be loaded", e);
            }
        }
    }
}
