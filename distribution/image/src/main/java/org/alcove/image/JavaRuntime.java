package org.alcove.image;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A Java runtime of the modules that Alcove needs, made from the JDK that runs this. */
final class JavaRuntime {

    /**
     * What the manifests of the bundles import, and what is used without being imported: {@code java.desktop} for
     * {@code java.beans}, without which the language of chat templates does not start; {@code jdk.net} for options of sockets.
     */
    static final List<String> MODULES = List.of("java.base", "java.desktop", "java.logging", "java.management", "java.naming",
            "java.net.http", "java.rmi", "java.security.jgss", "java.security.sasl", "java.xml", "jdk.incubator.vector",
            "jdk.management", "jdk.net", "jdk.unsupported", "jdk.zipfs");

    private JavaRuntime() {
    }

    /**
     * Makes it.
     *
     * @param folder that is not there yet, or holds an older one
     */
    static void link(Path folder) throws IOException, ImageException {
        delete(folder);
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow(
                () -> new ImageException("this Java, " + System.getProperty("java.home") + ", has no jlink; it needs a JDK"));
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said);
        int status = jlink.run(to, to, "--add-modules", String.join(",", MODULES), "--strip-java-debug-attributes",
                "--no-header-files", "--no-man-pages", "--compress", "zip-6",
                // Classes made ahead of time for method handles and modules are now and then in another order.
                "--disable-plugin", "generate-jli-classes", "--disable-plugin", "system-modules", "--output", folder.toString());
        if (status != 0) {
            throw new ImageException("jlink ended with " + status + ":\n" + said);
        }
        dropScreens(folder.resolve("lib"));
    }

    /** Libraries of windows, fonts and sound: nothing here has a screen, and they want libraries that are not in the image. */
    private static void dropScreens(Path lib) throws IOException {
        for (String name : List.of("libawt.so", "libawt_headless.so", "libawt_xawt.so", "libfontmanager.so", "libfreetype.so",
                "libjavajpeg.so", "libjawt.so", "libjsound.so", "liblcms.so", "libmlib_image.so", "libsplashscreen.so",
                "libprefs.so", "psfont.properties.ja", "psfontj2d.properties")) {
            Files.deleteIfExists(lib.resolve(name));
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
