package org.alcove.launcher;

import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/**
 * Loads the module of the Java Vector API into the running JVM. {@code --add-modules} would do it too, but a JVM that is started
 * with an incubating module does without the module graph, the linked classes and the profiles of its AOT cache: a server then
 * starts a quarter of a second later (docs/decisions/0010). Where this does not work, the kernels do without the module.
 */
final class VectorApi {

    /** The package that bundles import; it is the whole module. */
    static final String PACKAGE = "jdk.incubator.vector";

    /** What the JVM itself calls when it needs a module late; the manifest of this jar asks for access ({@code Add-Exports}). */
    private static final String LOADER = "jdk.internal.module.Modules";

    private VectorApi() {
    }

    /** Loads it beside the caller, unless it is there already. The result completes with whether the module is there. */
    static CompletableFuture<Boolean> load() {
        return CompletableFuture.supplyAsync(VectorApi::isLoaded, task -> Thread.ofPlatform().name("alcove-vector").start(task));
    }

    private static boolean isLoaded() {
        try {
            Class.forName(LOADER).getMethod("loadModule", String.class).invoke(null, PACKAGE);
            return true;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LoggerFactory.getLogger(VectorApi.class).warn("The Java Vector API could not be loaded; what has no native code is"
                    + " computed plainly, which is slower: start with ALCOVE_JAVA_FLAGS=--add-modules=" + PACKAGE, e);
            return false;
        }
    }
}
